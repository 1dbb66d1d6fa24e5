// Solving it alone: a search, guides of this very page, answers that unfold in place.

import { fill, h, linkTo } from "./dom.ts";
import { sayHelped, searchAnswers } from "./net.ts";
import { richText } from "./rich-text.ts";
import type { Shell } from "./shell.ts";
import type { Answer } from "./wire.ts";

const PAUSE_MS = 250;

/** The section; nothing where the site has neither answers nor guides. */
export function selfHelp(shell: Shell): HTMLElement | undefined {
  const { say, offer } = shell;
  if (!offer.answers.length && !offer.guides.length) return undefined;
  const list = h("ul.answers");
  const none = h("p.hint", { role: "status" });
  const field = h<HTMLInputElement>("input.field.search", {
    type: "search",
    placeholder: say("panel-search"),
    "aria-label": say("panel-search"),
    autocomplete: "off",
    enterkeyhint: "search",
    maxlength: 200,
    oninput: searcher(shell, (query, found) => {
      none.textContent = found && !found.length ? say("panel-search-none", { query }) : "";
      fill(list, ...(found ? answerItems(shell, found) : offered(shell)));
    }),
  });
  fill(list, ...offered(shell));
  return h("section", {}, h("h3", {}, say("panel-self-help-heading")), field, none, list);
}

/** Guides first, then answers: what is offered before anybody searches. */
function offered(shell: Shell): Node[] {
  const { say, offer } = shell;
  const guides = offer.guides.map(({ title, url }) =>
    h("li", {}, h("a", linkTo(url), h("span", {}, title, " ", h("span.tag", {}, say("panel-for-this-page"))))),
  );
  return [...guides, ...answerItems(shell, offer.answers)];
}

function answerItems({ say, site }: Shell, answers: Answer[]): Node[] {
  return answers.map(({ id, question, html, url = "" }) => {
    const link = linkTo(url);
    const more = !!link.href && h("p", {}, h("a", link, url.replace(/^https?:\/\/|\/$/g, "")));
    const button = (helped: boolean) =>
      h("button.btn.quiet", { type: "button", onclick: () => tell(helped) }, say(helped ? "panel-helped-yes" : "panel-helped-no"));
    const asked = h("p.hint", { tabindex: -1 }, say("panel-helped"), " ", button(true), " ", button(false));
    // Who is not heard may say it again.
    const tell = (helped: boolean) =>
      sayHelped(site, id, helped).then(
        () => (fill(asked, say("panel-helped-thanks")), asked.focus()),
        () => {},
      );
    return h("li", {}, h("details", {}, h("summary", {}, h("span", {}, question)), h("div.rich", {}, ...richText(html), more, asked)));
  });
}

/** Searches once the visitor pauses; the last question asked is the one answered. */
function searcher({ site, offer, context }: Shell, show: (query: string, found?: Answer[]) => void) {
  let timer: ReturnType<typeof setTimeout>;
  let asked = 0;
  return (event: { target: HTMLInputElement }) => {
    clearTimeout(timer);
    const query = event.target.value.trim();
    const mine = ++asked;
    if (!query) return show(query);
    timer = setTimeout(async () => {
      const found = await searchAnswers(site, query, context.locale()).catch(() => containing(offer.answers, query));
      if (mine === asked) show(query, found);
    }, PAUSE_MS);
  };
}

/** What can be found without the host. */
function containing(answers: Answer[], query: string): Answer[] {
  const words = query.toLowerCase().split(/\s+/);
  return answers.filter(({ question, html }) => words.every((word) => (question + html).toLowerCase().includes(word)));
}
