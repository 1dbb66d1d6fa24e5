// The two forms: a call at a chosen time, and a message at any hour.

import { zoneNote } from "./availability.ts";
import { fill, h } from "./dom.ts";
import { errorLine, fieldRow, forgive, type Field } from "./form.ts";
import { replyChips } from "./reply-by.ts";
import { requestForm } from "./request-form.ts";
import type { Screen, Shell } from "./shell.ts";
import { slotPicker } from "./slots.ts";
import { moment } from "./time.ts";
import type { Kind } from "./wire.ts";

/** "Call me back at this time." */
export function callbackForm(shell: Shell): Screen {
  const { say, offer } = shell;
  const draft = shell.drafts.callback;
  const title = say("panel-callback-title");
  if (!offer.forms.callback?.slots?.length) return { title, body: [noSlots(shell)] };

  const picker = h("div");
  const drawPicker = () => fill(picker, slotPicker(shell, draft, picked));
  const words = () => {
    const slot = draft.slot && moment(shell.when(), draft.slot);
    return slot ? say("panel-callback-submit", { moment: slot }) : say("panel-callback-choose");
  };
  drawPicker();
  const needs = needed(shell, "callback", "phone", ["phone", "name", "text"]);
  const { form, reword } = requestForm(shell, {
    kind: "callback",
    view: callbackForm,
    names: ["slot", "phone", "name", "text"],
    required: { slot: say("panel-callback-choose"), ...needs },
    words,
    rows: [
      h("h3", {}, say("panel-callback-when")),
      picker,
      errorLine("slot"),
      ...[phone(say), name(say), text(say("panel-field-text-callback"))].map((field) =>
        fieldRow({ ...field, required: field.name in needs }, draft, say),
      ),
    ],
    async refused(fields) {
      if (!fields.slot) return;
      delete draft.slot;
      await shell.renew().catch(() => {});
      drawPicker();
    },
  });
  return { title, about: [zoneNote(shell)], body: [h("section", {}, form)] };

  function picked() {
    forgive(form, "slot");
    reword();
  }
}

function noSlots(shell: Shell): HTMLElement {
  const write = () => shell.show(messageForm);
  const words = shell.say("panel-send-message");
  const button = shell.offer.forms.message && h("button.btn.wide", { type: "button", onclick: write }, words);
  return h("section", {}, h("p", {}, shell.say("panel-callback-no-slots")), button);
}

/** "Here is my question." After hours it says that nobody is there, and when somebody will be. */
export function messageForm(shell: Shell): Screen {
  const { say, offer } = shell;
  const draft = shell.drafts.message;
  const offered = offer.forms.message;
  const reply = offered?.expected_reply;
  const lead = offered?.availability.state === "closed" ? "panel-message-closed-hint" : "panel-message-hint";
  const needs = needed(shell, "message", "text", ["text", "email", "phone", "name"]);
  const row = (field: Omit<Field, "required">) => fieldRow({ ...field, required: field.name in needs }, draft, say);

  const replyBy = h("div.row", {}, h("h3", {}, say("panel-field-reply-by")), replyChips(shell, draft.reply_by, (by) => (draft.reply_by = by)));
  const hasBoth = () => !!draft.phone?.trim() && !!draft.email?.trim();
  const { form } = requestForm(shell, {
    kind: "message",
    view: messageForm,
    names: ["text", "email", "phone", "name", "reply_by"],
    required: needs,
    words: () => say("panel-message-submit"),
    rows: [
      row(text(say("panel-field-text-message"))),
      h("p.hint", { id: "contact" }, say("panel-field-contact-hint")),
      row({ ...email(say), describedBy: "contact" }),
      row({ ...phone(say), describedBy: "contact" }),
      replyBy,
      row(name(say)),
    ],
    refine(typed) {
      if (!hasBoth()) delete typed.reply_by;
    },
  });
  replyBy.hidden = !hasBoth();
  form.addEventListener("input", () => (replyBy.hidden = !hasBoth()));
  return {
    title: say("panel-message-title"),
    body: [h("section", {}, reply && h("p.lead", {}, say(lead, { moment: reply.text })), form)],
  };
}

/** Names of the shown fields that must be given, with what to say where they are not. */
function needed({ say, offer }: Shell, kind: Kind, always: string, shown: string[]): Record<string, string> {
  const told = (offer.forms[kind]?.fields ?? []).filter((field) => field.required).map((field) => field.name);
  const names = shown.filter((one) => one === always || told.includes(one));
  return Object.fromEntries(names.map((one) => [one, say("panel-error-required")]));
}

type Say = Shell["say"];
const phone = (say: Say) => ({ name: "phone", label: say("panel-field-phone"), type: "tel", autocomplete: "tel" }) as const;
const email = (say: Say) => ({ name: "email", label: say("panel-field-email"), type: "email", autocomplete: "email" }) as const;
const name = (say: Say) => ({ name: "name", label: say("panel-field-name"), type: "text", autocomplete: "name" }) as const;
const text = (label: string) => ({ name: "text", label });
