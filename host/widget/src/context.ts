// What loader and panel know of each other. Two bundles: they share this shape and nothing else.

import type { Access } from "./net.ts";
import type { Locale, Settings } from "./settings.ts";
import type { Shell } from "./shell.ts";
import type { Texts } from "./text.ts";
import type { Attachment, Challenge, Offer, OwnRequest } from "./wire.ts";

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
  /** What goes on about requests. */
  talk(): Promise<TalkModule>;
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

/** What going on about a request needs. */
export interface Talking {
  shell: Shell;
  access: Access;
  reference: string;
  /** Shows the request as it stands. */
  see(request: OwnRequest): void;
  /** The host does not know it any more. */
  gone(): void;
  /** Whether the view is still looked at. */
  isWanted(): boolean;
}

/** The part of a request's view that goes on about it. */
export interface Talk {
  element: HTMLElement;
  /** The request stands like this now. */
  show(request: OwnRequest): void;
  /** Gives a file of the conversation to the browser to keep. */
  download(file: Attachment): void;
}

/** The chunk that goes on about requests. */
export interface TalkModule {
  createTalk(talking: Talking): Talk;
  /** The form that asks for a letter with a link to all of one's requests. */
  linksForm(shell: Shell): HTMLElement;
}

/** The chunk that solves proofs of work. */
export interface ProofModule {
  solve(challenge: Challenge): Promise<string>;
}
