// Fields, and what can be wrong with them. Labels, errors and focus are handled here for every form alike.

import { h, type Child } from "./dom.ts";
import type { Draft } from "./draft.ts";
import type { Say } from "./text.ts";

/** One field of a form. */
export interface Field {
  name: string;
  label: string;
  required: boolean;
  /** `tel`, `email`, `text`; a text area without. */
  type?: "tel" | "email" | "text";
  autocomplete?: string;
  /** Element that says more; such a field is one of several that will do, so it is not marked as optional. */
  describedBy?: string;
}

/** A labelled field with a place for its error. What is typed goes into the draft. */
export function fieldRow({ name, label, required, type, autocomplete, describedBy }: Field, draft: Draft, say: Say): HTMLElement {
  const id = "f-" + name;
  const box = h<HTMLInputElement>(type ? "input.field" : "textarea.field", {
    ...{ id, name, type, autocomplete, required },
    inputmode: type,
    rows: !type && 2,
    "aria-describedby": `${id}-error ${describedBy ?? ""}`.trim(),
    oninput() {
      draft[name] = box.value;
      complain(box, name, "");
    },
  });
  box.value = draft[name] ?? "";
  return h(
    "div.row",
    {},
    h("label", { for: id }, label, !required && !describedBy && h("span", {}, " " + say("panel-optional"))),
    box,
    errorLine(name),
  );
}

/** Where the error of a field stands. */
export function errorLine(name: string): HTMLElement {
  return h("p.err", { id: `f-${name}-error`, hidden: true });
}

/** Says what is wrong with one field, or that nothing is. */
function complain(within: Element, name: string, message: string): void {
  const form = within.closest("form")!;
  const line = form.querySelector<HTMLElement>(`#f-${name}-error`);
  if (!line) return;
  line.textContent = message;
  line.hidden = !message;
  const control = form.querySelector("#f-" + name);
  if (!control) return;
  if (message) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** Says at every field what is wrong with it, and leads to the first. */
export function complainAll(form: HTMLFormElement, shown: string[], messages: Record<string, string>): void {
  for (const name of shown) complain(form, name, messages[name] ?? "");
  const first = form.querySelector<HTMLElement>("[aria-invalid]");
  (first?.querySelector<HTMLElement>("input:checked,input:enabled") ?? first)?.focus();
}

/** Takes the complaint about one field back. */
export function forgive(within: Element, name: string): void {
  complain(within, name, "");
}

/** A sentence that is read out, and a way to try again where that may help. */
export function alertLine(say: Say, message: string, again?: () => void): HTMLElement {
  const button = again && h("button.btn.quiet", { type: "button", onclick: again }, say("panel-retry"));
  return h("div.alert", { role: "alert" }, h("p", {}, message), button);
}

/** One choice out of several, as chips. `pick` hears of every change. */
export function chips(name: string, label: string, choices: Choice[], chosen: string | undefined, pick: (value: string) => void) {
  const chip = ({ value, words, note }: Choice) => {
    const radio = { type: "radio", name, value, disabled: note !== undefined, checked: value === chosen };
    return h("label.chip", {}, h("input", { ...radio, onchange: () => pick(value) }), h("span", {}, words, unseen(note)));
  };
  return h("div.chips", { role: "radiogroup", "aria-label": label }, ...choices.map(chip));
}

/** A choice; one with a note cannot be taken, and the note says why. */
export interface Choice {
  value: string;
  words: string;
  note?: string;
}

/** Words for those who listen. */
function unseen(words: string | undefined): Child {
  return words && h("span.unseen", {}, " " + words);
}
