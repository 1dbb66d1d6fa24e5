// The launcher: one button of fixed place and size in a shadow root of its own, or a plain link where that cannot be.

import css from "./launcher.css";
import { onColour } from "./colour.ts";
import { hostedPage, type Locale, type Settings } from "./settings.ts";

/** "You have an open request" in every language; the build fills it in from the Fluent files. */
declare const OPEN_REQUEST: Record<Locale, string>;

/** What stands on the page before anybody asked for anything. */
export interface Launcher {
  /** The element whose shadow root holds launcher and panel. */
  host: HTMLElement;
  root: ShadowRoot;
  button: HTMLButtonElement;
  /** Says the launcher's words, and that a request is open. */
  label(locale: Locale, waiting: boolean): void;
  /** Puts a link to the hosted page in the button's place. */
  giveUp(locale: Locale): void;
}

/** Whether this browser can show the panel: Chrome 109, Firefox 115, Safari 16.4 or newer. */
export function isModern(): boolean {
  return "adoptedStyleSheets" in document && "replaceSync" in CSSStyleSheet.prototype && CSS.supports("height", "1dvh");
}

/** Makes the launcher and puts it on the page. */
export function createLauncher(settings: Settings): Launcher {
  const host = document.createElement("porchlight-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${css}:host{--launcher:${settings.accent};--on-launcher:${onColour(settings.accent)}}`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  root.append(button);
  stay(host);

  const dress = (element: HTMLElement, locale: Locale) => {
    element.className = "launcher " + (settings.side === "left" ? "left" : "right");
    element.textContent = settings.launcher[locale];
    element.lang = locale;
  };
  return {
    host,
    root,
    button,
    label(locale, waiting) {
      dress(button, locale);
      button.classList.toggle("waiting", waiting);
      button.setAttribute("aria-label", settings.launcher[locale] + (waiting ? ". " + OPEN_REQUEST[locale] : ""));
    },
    giveUp(locale) {
      const link = plainLink(settings);
      dress(link, locale);
      button.replaceWith(link);
    },
  };
}

/** Keeps an element on the page where a framework lays out the document anew. */
function stay(host: HTMLElement): void {
  const page = document.documentElement;
  let returns = 9;
  page.append(host);
  new MutationObserver(() => {
    if (!host.isConnected && returns--) page.append(host);
  }).observe(page, { childList: true });
}

/** A link to the hosted page. */
export function plainLink(settings: Settings): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = hostedPage(settings);
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

/** All that an older browser gets: a plain link in the same corner. */
export function showPlainLink(settings: Settings, locale: Locale): void {
  const link = plainLink(settings);
  link.textContent = settings.launcher[locale];
  // Without adopted style sheets this is the one way that every content security policy allows.
  link.style.cssText =
    `position:fixed;bottom:16px;${settings.side}:16px;z-index:2147483000;padding:12px 22px;border-radius:24px;` +
    `font:600 16px/24px sans-serif;text-decoration:none;background:${settings.accent};color:${onColour(settings.accent)}`;
  document.documentElement.appendChild(link);
}
