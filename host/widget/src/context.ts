// What loader and panel know of each other. Two bundles: they share this shape and nothing else.

import type { Locale, Settings } from "./settings.ts";
import type { Texts } from "./text.ts";
import type { Challenge, Offer } from "./wire.ts";

/** What a page can listen to. */
export type WidgetEvent = "open" | "close" | "request-sent";

/** What the loader lends to the panel. */
export interface Context {
  settings: Settings;
  /** Where the panel stands. */
  root: ShadowRoot;
  /** The language as it is now: pages change it. */
  locale(): Locale;
  /** The page as it is now, if it has an address that can be told. */
  page(): string | undefined;
  /** Who the site says the visitor is, signed. */
  identity(): string | undefined;
  /** The texts of a language. */
  texts(locale: Locale): Promise<Texts>;
  /** A fresh offer for page and language. */
  offer(): Promise<Offer>;
  /** What solves proofs of work. */
  proof(): Promise<ProofModule>;
  /** Tells the page. */
  emit(event: WidgetEvent, detail?: object): void;
  /** The panel has closed itself. */
  closed(): void;
}

/** What the panel lends to the loader. */
export interface Panel {
  /** Shows the panel; texts and offer are on their way already. */
  open(offer: Promise<Offer>): void;
  close(): void;
  /** The language or page changed: everything is asked anew. */
  refresh(): void;
}

/** The panel chunk. */
export interface PanelModule {
  createPanel(context: Context, texts: Texts): Panel;
}

/** The chunk that solves proofs of work. */
export interface ProofModule {
  solve(challenge: Challenge): Promise<string>;
}
