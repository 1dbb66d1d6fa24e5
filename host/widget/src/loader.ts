// The loader: all that a page gets before its visitor asks. It makes no request, stores nothing and moves nothing.

import type { Context, Panel, PanelModule, ProofModule, TalkModule, WidgetEvent } from "./context.ts";
import { recall } from "./kept.ts";
import { createLauncher, isModern, showPlainLink } from "./launcher.ts";
import { fetchOffer } from "./net.ts";
import { chooseLocale, localeOf, type Locale, type Settings } from "./settings.ts";
import type { Texts } from "./text.ts";

type Listener = (detail: object) => void;
type Porchlight = ((command: string, ...values: any[]) => void) & { q?: ArrayLike<any>[]; ready?: true };

const place = window as unknown as { Porchlight?: Porchlight };

function start(settings: Settings): void {
  const before = place.Porchlight;
  if (before && before.ready) return;

  let locale: Locale | undefined;
  let page: string | undefined;
  let identity: string | undefined;
  const listeners: Partial<Record<string, Listener[]>> = {};
  const language = () => locale || chooseLocale(document.documentElement.lang, navigator.languages || [], settings.locale);

  const commands = isModern() ? modern() : plain();
  const api: Porchlight = (command, ...values) => commands[command]?.(...values);
  api.ready = true;
  place.Porchlight = api;
  for (const call of before?.q || []) api.apply(null, Array.from(call) as [string]);

  /** Commands of a browser that cannot show the panel. */
  function plain(): Record<string, (...values: any[]) => void> {
    showPlainLink(settings, language());
    return {};
  }

  /** Commands of a browser that can. */
  function modern(): Record<string, (...values: any[]) => void> {
    const launcher = createLauncher(settings);
    const { button, root } = launcher;
    let panel: Promise<Panel> | undefined;
    let opener: Element | null = null;
    let isOpen = false;
    let isHidden = false;
    let tries = 0;

    const context: Context = {
      settings,
      root,
      locale: language,
      page: () => page || address(),
      identity: () => identity,
      texts: (wanted) => load<{ default: Texts }>(settings.assets.texts[wanted]).then((chunk) => chunk.default),
      offer: () => fetchOffer(settings.host + "/v1/sites/" + settings.site, { locale: language(), page: context.page() }),
      proof: () => later<ProofModule>(settings.assets.proof),
      talk: () => later<TalkModule>(settings.assets.talk[language()]),
      emit: (event: WidgetEvent, detail = {}) => listeners[event]?.forEach((listener) => queueMicrotask(() => listener(detail))),
      closed() {
        isOpen = false;
        label();
        const back = button.hidden || !button.isConnected ? opener : button;
        (back as HTMLElement | null)?.focus?.();
        context.emit("close");
      },
    };

    /** A chunk of the panel. A failed one is asked for under another address: browsers remember failures. */
    function load<T>(path: string): Promise<T> {
      return import(settings.host + path + (tries ? "?" + tries : ""));
    }

    const later = <T>(path: string) => load<T>(path).catch((problem) => (tries++, Promise.reject(problem)));

    function label() {
      const wanted = language();
      launcher.label(wanted, recall(settings.site).some((kept) => !kept.done));
      button.hidden = isHidden || isOpen;
      button.setAttribute("aria-expanded", String(isOpen));
    }

    function open() {
      if (isOpen) return;
      isOpen = true;
      opener = document.activeElement;
      button.setAttribute("aria-busy", "true");
      const offer = context.offer();
      offer.catch(() => {});
      panel ||= Promise.all([load<PanelModule>(settings.assets.panel), context.texts(language())]).then(([chunk, texts]) =>
        chunk.createPanel(context, texts),
      );
      panel.then(
        (it) => isOpen && (it.open(offer), label(), context.emit("open")),
        () => {
          panel = undefined;
          isOpen = false;
          tries++;
          launcher.giveUp(language());
        },
      ).then(() => button.removeAttribute("aria-busy"));
    }

    function close() {
      if (isOpen) panel?.then((it) => it.close());
    }

    function refresh() {
      label();
      if (isOpen) panel?.then((it) => it.refresh());
    }

    button.addEventListener("click", open);
    label();
    return {
      open,
      close,
      toggle: () => (isOpen ? close() : open()),
      show: () => ((isHidden = false), label()),
      hide: () => ((isHidden = true), label()),
      identify: (token?: string) => (identity = token),
      "set-locale": (tag?: string) => ((locale = localeOf(tag)), refresh()),
      "set-page": (url?: string) => ((page = url), refresh()),
      on: (event: string, listener: Listener) => (listeners[event] ||= []).push(listener),
      off: (event: string, listener: Listener) =>
        (listeners[event] = listeners[event]?.filter((one) => one !== listener) || []),
    };
  }
}

/** Address of the page without what it keeps to itself; none where it is no address of the web. */
function address(): string | undefined {
  return /^https?:/.test(location.href) ? location.href.split("#")[0] : undefined;
}

// The host writes the settings here. The one placeholder of the built file; the build checks that it stays alone.
start("__PORCHLIGHT_SETTINGS__" as unknown as Settings);
