// Sending a form, and everything that can happen on the way. Nothing typed is ever lost here: the draft is emptied only once
// the host has said that it keeps the request.

import { fill, h, type Child } from "./dom.ts";
import { attempt, isRefused, randomKey } from "./draft.ts";
import { alertLine, complainAll } from "./form.ts";
import type { Problem } from "./net.ts";
import { complaint } from "./problem.ts";
import { send as sendAttempt } from "./sending.ts";
import type { Shell, View } from "./shell.ts";
import { statusOf } from "./status.ts";
import type { Kind } from "./wire.ts";

/** What makes one form differ from another. */
export interface Spec {
  kind: Kind;
  /** The view it stands in. */
  view: View;
  /** Names of the draft that are sent, in the order of the page. */
  names: string[];
  /** Fields without which it need not be sent, and what to say. */
  required: Record<string, string>;
  rows: Child[];
  /** Words of the button. */
  words(): string;
  /** What to do with a draft before it is sent. */
  refine?(typed: Record<string, unknown>): void;
  /** Called before errors are shown, with the fields they stand at. */
  refused?(fields: Record<string, string>): Promise<void>;
}

/** A form and the button that sends it; `reword` has the button read again what it says. */
export function requestForm(shell: Shell, spec: Spec): { form: HTMLFormElement; reword: () => void } {
  const { kind, view, names, required, rows, words } = spec;
  const { say, context, own, attempts } = shell;
  const draft = shell.drafts[kind];
  const consent = shell.offer.forms[kind]?.consent;
  const place = h("div");
  const trap = h<HTMLInputElement>("input", { name: "website", tabindex: -1, autocomplete: "off" });
  const button = h("button.btn.wide", { type: "submit" });
  let busy = false;

  const form = h<HTMLFormElement>(
    "form",
    { novalidate: true, onsubmit },
    ...rows,
    h("div.unseen", { "aria-hidden": "true" }, h("label", {}, "Website", trap)),
    consent && h("p.hint", {}, consent),
    place,
    button,
  );
  const reword = () => (button.textContent = busy ? say("panel-loading") : words());
  reword();
  return { form, reword };

  function onsubmit(event: Event) {
    event.preventDefault();
    if (!busy && isComplete()) send();
  }

  function isComplete(): boolean {
    const missing = Object.entries(required).filter(([name]) => !draft[name]?.trim());
    fill(place);
    complainAll(form, names, Object.fromEntries(missing));
    return !missing.length;
  }

  function typed(): object {
    const fields: Record<string, unknown> = { kind };
    for (const name of names) if (draft[name]?.trim()) fields[name] = draft[name];
    spec.refine?.(fields);
    return { ...fields, ...(consent ? { consent: true } : {}), website: trap.value };
  }

  function envelope(): object {
    const { form_token } = shell.offer;
    return { locale: context.locale(), page: context.page(), identity: context.identity(), form_token };
  }

  async function send() {
    attempts[kind] = attempt(attempts[kind], typed(), envelope(), randomKey);
    setBusy(true);
    const receipt = await sendAttempt(shell, kind).catch(refuse);
    setBusy(false);
    if (!receipt) return;
    delete attempts[kind];
    shell.drafts[kind] = {};
    own.add(receipt, kind, draft.text, draft.slot, new Date(shell.when().now).toISOString());
    context.emit("request-sent", { reference: receipt.reference });
    // A form is good for one request: the next one needs another.
    shell.renew().catch(() => {});
    if (shell.isShown(view)) shell.show(statusOf(receipt.reference));
  }

  async function refuse(problem: Problem): Promise<undefined> {
    if (isRefused(problem.status)) delete attempts[kind];
    const { fields, general, retry } = complaint(problem, names, say);
    await spec.refused?.(fields);
    fill(place, general && alertLine(say, general, retry ? () => !busy && send() : undefined));
    place.scrollIntoView({ block: "nearest" });
    complainAll(form, names, fields);
  }

  function setBusy(is: boolean) {
    busy = is;
    button.setAttribute("aria-disabled", String(is));
    if (is) fill(place);
    reword();
  }
}
