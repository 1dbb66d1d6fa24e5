// A form of one field.

import { fill, h } from "./dom.ts";
import { isRefused, type Draft } from "./draft.ts";
import { alertLine, fieldRow, type Field } from "./form.ts";
import type { Problem } from "./net.ts";
import { sentence } from "./problem.ts";
import type { Say } from "./text.ts";

/** The form; what goes wrong is said below the field, and what was typed stays. */
export function oneField(say: Say, draft: Draft, field: Field, words: string, thanks: string, send: () => Promise<unknown>) {
  const place = h("div", { role: "status" });
  const button = h("button.btn.quiet", { type: "submit" }, words);
  let busy = false;
  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (busy || (field.required && !draft[field.name]?.trim())) return;
    busy = true;
    fill(place);
    try {
      await send();
      box.value = draft[field.name] ?? "";
      fill(place, thanks && h("p", {}, thanks));
    } catch (problem) {
      fill(place, complaintLine(say, problem as Problem, () => void submit()));
    }
    busy = false;
  };
  const row = fieldRow(field, draft, say);
  const box = row.querySelector<HTMLInputElement>(".field")!;
  return h("form", { novalidate: true, onsubmit: submit }, row, place, h("div.actions", {}, button));
}

/** What went wrong, and a way to try again where that may help. */
export function complaintLine(say: Say, problem: Problem, again: () => void): HTMLElement {
  const { errors, status } = problem;
  const message = errors[0]?.message ?? sentence(problem, say);
  return alertLine(say, message, isRefused(status) ? undefined : again);
}
