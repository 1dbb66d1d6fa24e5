// The panel: a dialog with a header and one view below it. Entry of the chunk that is loaded when a visitor asks.

import css from "./panel.css";
import { paletteCss } from "./colour.ts";
import type { Context, Panel } from "./context.ts";
import { drawing, fill, h } from "./dom.ts";
import { BACK, CLOSE } from "./drawings.ts";
import { alertLine } from "./form.ts";
import { home } from "./home.ts";
import { hostedPage } from "./settings.ts";
import { ownRequests } from "./own.ts";
import { sentence } from "./problem.ts";
import type { Screen, Shell, View } from "./shell.ts";
import { speaker, type Texts } from "./text.ts";
import type { Offer } from "./wire.ts";

const PHONE = "(max-width: 480px)";

/** Builds the panel into the loader's shadow root; it shows when it is opened. */
export function createPanel(context: Context, firstTexts: Texts): Panel {
  const { settings, root } = context;
  dress(root, settings.accent);

  let locale = context.locale();
  let offered = 0;
  let round = 0;
  let view: View = home;

  const shell: Shell = {
    context,
    site: settings.host + "/v1/sites/" + settings.site,
    say: speaker(firstTexts, locale),
    offer: undefined as unknown as Offer,
    own: ownRequests(context),
    drafts: { callback: {}, message: {} },
    attempts: {},
    when: () => ({
      say: shell.say,
      locale,
      zone: shell.offer.site.time_zone,
      now: Date.parse(shell.offer.now) + performance.now() - offered,
    }),
    show(next) {
      view = next;
      draw(next(shell));
      title.focus();
    },
    isShown: (other) => view === other && dialog.open,
    renew: async () => take(await context.offer()),
  };

  const title = h("h2", { tabindex: -1 });
  const about = h("p.about");
  const back = h("button.x.back", { type: "button", onclick: () => shell.show(home) }, drawing(BACK));
  const shut = h("button.x", { type: "button", onclick: close }, drawing(CLOSE));
  const body = h("div.body");
  const dialog = h<HTMLDialogElement>(
    "dialog.panel." + (settings.side === "left" ? "left" : "right"),
    { role: "dialog", "aria-label": settings.name, dir: "ltr", onkeydown: escape, oncancel: escape },
    h("header", {}, back, title, shut, about),
    body,
  );
  root.append(dialog);

  function draw(screen: Screen) {
    dialog.lang = locale;
    title.textContent = screen.title;
    fill(about, ...(screen.about || []));
    about.hidden = !about.firstChild;
    back.hidden = view === home;
    back.setAttribute("aria-label", shell.say("panel-back"));
    shut.setAttribute("aria-label", shell.say("panel-close"));
    fill(body, ...screen.body);
    body.scrollTop = 0;
  }

  function take(offer: Offer) {
    shell.offer = offer;
    offered = performance.now();
  }

  /** Shows the view that was left, as soon as language and offer are there. */
  async function enter(asked: Promise<Offer>) {
    const mine = ++round;
    draw({ title: settings.name, body: [h("p.hint.wait", { role: "status" }, shell.say("panel-loading"))] });
    try {
      await speak();
      take(await asked);
    } catch (problem) {
      // An older offer is better than none, as long as it is in the visitor's language.
      if (mine === round && !(shell.offer && locale === context.locale())) return fail(problem);
    }
    if (mine === round && dialog.open) shell.show(view);
  }

  async function speak() {
    const wanted = context.locale();
    if (wanted === locale) return;
    shell.say = speaker(await context.texts(wanted), wanted);
    locale = wanted;
  }

  function fail(problem: any) {
    const again = () => enter(context.offer());
    const link = h("a", { href: hostedPage(settings), target: "_blank", rel: "noopener" }, shell.say("panel-hosted-link"));
    const message = sentence(problem.errors ? problem : { status: 0, errors: [] }, shell.say);
    draw({ title: settings.name, body: [h("section", {}, alertLine(shell.say, message, again), h("p.hint", {}, link))] });
  }

  function open(offer: Promise<Offer>) {
    const isPhone = matchMedia(PHONE).matches;
    if (isPhone) dialog.setAttribute("aria-modal", "true");
    else dialog.removeAttribute("aria-modal");
    isPhone ? dialog.showModal() : dialog.show();
    enter(offer);
    title.focus();
  }

  function close() {
    if (!dialog.open) return;
    dialog.close();
    context.closed();
  }

  function escape(event: KeyboardEvent | Event) {
    if (event.type === "keydown" && (event as KeyboardEvent).key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }

  return { open, close, refresh: () => void enter(context.offer()) };
}

function dress(root: ShadowRoot, accent: string) {
  const sheets = [css, paletteCss(accent)].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
}
