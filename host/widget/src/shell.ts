// What every view of the panel is given, and what it gives back.

import type { Context } from "./context.ts";
import type { Child } from "./dom.ts";
import type { Attempt, Draft } from "./draft.ts";
import type { Own } from "./own.ts";
import type { Say } from "./text.ts";
import type { When } from "./time.ts";
import type { Kind, Offer } from "./wire.ts";

/** One view as it stands. */
export interface Screen {
  title: string;
  /** The line below the title. */
  about?: Child[];
  body: Child[];
}

/** Builds a view. */
export type View = (shell: Shell) => Screen;

/** What views share. */
export interface Shell {
  context: Context;
  /** Base address of the site's part of the API. */
  site: string;
  say: Say;
  offer: Offer;
  /** Own requests, and what is known of them. */
  own: Own;
  /** What was typed, by form. */
  drafts: Record<Kind, Draft>;
  /** What was sent and not answered for certain, by form. */
  attempts: Partial<Record<Kind, Attempt>>;
  /** Zone, language and the host's clock at this moment. */
  when(): When;
  /** Shows a view and moves the focus to its title. */
  show(view: View): void;
  /** Whether a view is the one that is shown. */
  isShown(view: View): boolean;
  /** Asks for the offer anew: slots were taken meanwhile. */
  renew(): Promise<void>;
}
