// Going on about one's own requests: seeing what happens as it happens, writing again, sending files, rating the answer; and asking
// for a link to all of them. Entry of a chunk that is loaded when one of these is looked at.

import { h, fill } from "./dom.ts";
import { attempt, isRefused, randomKey, type Attempt, type Draft } from "./draft.ts";
import { alertLine, chips } from "./form.ts";
import { oneField } from "./one-field.ts";
import type { Talk, Talking } from "./context.ts";
import { followRequest, postToRequest, readFile, type Problem } from "./net.ts";
import { fileSender } from "./files.ts";
import { linksForm as askingForm } from "./links.ts";
import type { Shell } from "./shell.ts";
import { speaker, type Say, type Texts } from "./text.ts";
import type { OwnRequest } from "./wire.ts";

/** The texts that this chunk alone says, and their language: the build puts them in. */
declare const TEXTS: Texts;
declare const LOCALE: string;


const STARS = ["panel-stars-5", "panel-stars-4", "panel-stars-3", "panel-stars-2", "panel-stars-1"];
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** What was typed about each request and not sent; it outlives the view. */
const drafts: Record<string, Draft> = {};
/** What was sent about each request and not answered for certain. */
const attempts: Record<string, Attempt | undefined> = {};

/** A shell that says this chunk's texts too. */
function speaking(shell: Shell): Shell {
  const own = speaker(TEXTS, LOCALE);
  const say: Say = (id, values) => (TEXTS[id] ? own : shell.say)(id, values);
  return Object.create(shell, { say: { value: say } });
}

/** The form that asks for a letter with a link to all of one's requests. */
export const linksForm = (shell: Shell) => askingForm(speaking(shell));

/** The part of a request's view that goes on about it. It follows the request as long as it is wanted. */
export function createTalk({ shell: silent, access, reference, see, gone, isWanted }: Talking): Talk {
  const shell = speaking(silent);
  const { say } = shell;
  const draft = (drafts[reference] ||= {});
  const title = h("h3");
  const rating = h("section", {}, title);
  const more = { name: "text", label: say("panel-write-more"), required: true };
  const writing = h("section", {}, oneField(say, draft, more, say("panel-write-submit"), "", write));

  const notePlace = h("div");
  const calendar = () => void download("calendar", reference + ".ics");
  const note = h("section", {}, h("button.btn.quiet.wide", { type: "button", onclick: calendar }, say("panel-calendar")));
  const filing = fileSender(shell, access, see);

  /** Shows what can be done as the request stands now. The forms stay as they are, and with them what is being typed. */
  function show({ status, slot, expected_reply, rating: given }: OwnRequest) {
    note.hidden = !slot || slot !== expected_reply?.by;
    rating.hidden = status !== "resolved";
    writing.hidden = filing.hidden = status === "cancelled";
    if (!rating.hidden && rating.lastChild === title) rating.append(...ratingForm(given));
    title.textContent = say(given ? "panel-rate-again" : "panel-rate");
    writing.querySelector("label")!.textContent = say(status === "resolved" ? "panel-write-again" : "panel-write-more");
  }

  /** Gives a file to the browser to keep, under a name. */
  async function download(what: string, name: string) {
    fill(notePlace);
    try {
      const href = URL.createObjectURL(await readFile(access, what));
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), LONGEST_PAUSE_MS);
    } catch {
      fill(notePlace, alertLine(say, say("panel-error-network"), () => void download(what, name)));
    }
  }

  async function write() {
    const sent = (attempts[reference] = attempt(attempts[reference], { text: draft.text ?? "" }, {}, randomKey));
    try {
      see(await postToRequest(access, "entries", JSON.parse(sent.body), sent.key));
    } catch (problem) {
      if (isRefused((problem as Problem).status)) delete attempts[reference];
      throw problem;
    }
    delete attempts[reference];
    delete draft.text;
  }

  function ratingForm(given: OwnRequest["rating"]): HTMLElement[] {
    const stars = STARS.map((id, better) => ({ value: String(5 - better), words: say(id) }));
    draft.stars ??= given ? String(given.stars) : "";
    draft.comment ??= given?.comment ?? "";
    const choice = chips("stars", say("panel-rate"), stars, draft.stars, (value) => (draft.stars = value));
    choice.classList.add("two");
    const comment = { name: "comment", label: say("panel-rate-comment"), required: false };
    const sending = oneField(say, draft, comment, say("panel-rate-submit"), say("panel-rate-thanks"), async () => {
      if (!draft.stars) return choice.querySelector("input")?.focus();
      const said = draft.comment?.trim();
      see(await postToRequest(access, "rating", { stars: Number(draft.stars), ...(said ? { comment: said } : {}) }));
    });
    return [choice, sending];
  }

  /** Hears of every change, and comes back where the stream breaks off; rests while nobody looks at the page. */
  async function follow() {
    let last: string | undefined;
    for (let pause = PAUSE_MS; isWanted(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const stop = new AbortController();
      const hear = (event?: { id: string; request?: OwnRequest }) => {
        if (!isWanted() || document.hidden) return stop.abort();
        if (!event) return;
        pause = PAUSE_MS;
        if (!event.request) return gone();
        last = event.id;
        see(event.request);
      };
      await followRequest(access, last, hear, stop.signal).catch(() => {});
      await rest(pause);
    }
  }

  void follow();
  return {
    element: h("div", {}, note, notePlace, rating, writing, filing),
    show,
    download: ({ id, name }) => void download("attachments/" + id, name),
  };
}

/** Waits, and until the page is looked at. */
async function rest(milliseconds: number): Promise<void> {
  await new Promise((done) => setTimeout(done, milliseconds));
  while (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}
