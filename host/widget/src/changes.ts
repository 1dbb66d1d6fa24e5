// What a requester can still change: the time of the call, the way to be answered, or that there is a request at all.

import { fill, h, type Child } from "./dom.ts";
import type { Draft } from "./draft.ts";
import { alertLine } from "./form.ts";
import type { Problem } from "./net.ts";
import { sentence } from "./problem.ts";
import { replyChips } from "./reply-by.ts";
import type { Shell } from "./shell.ts";
import { slotPicker } from "./slots.ts";
import { moment } from "./time.ts";
import type { OwnRequest } from "./wire.ts";

/** Sends a change and shows the request anew; a problem is thrown. */
export type Patch = (change: object) => Promise<void>;

/** Buttons to change a request, each asking once more before it does. */
export function changes(shell: Shell, request: OwnRequest, patch: Patch): HTMLElement {
  const { say, offer } = shell;
  const section = h("section");
  const canMove = request.kind === "callback" && !!offer.forms.callback?.slots?.length;

  function choose() {
    const cancel = quiet(say("panel-cancel"), askCancel);
    const move = canMove && quiet(say("panel-change-slot"), askSlot);
    fill(section, replies(), h("div.actions", {}, move, cancel));
  }

  function stepBack() {
    choose();
    section.querySelector("button")?.focus();
  }

  /** A call is answered by phone; a message either way, and the host knows for which of them there is a contact. */
  function replies(): Child {
    if (request.kind === "callback" || !request.reply_by) return undefined;
    const pick = (reply_by: string) => attempt({ reply_by }, choose);
    return h("div.row.lead", {}, h("h3", {}, say("panel-field-reply-by")), replyChips(shell, request.reply_by, pick));
  }

  function askCancel() {
    const no = quiet(say("panel-cancel-no"), stepBack);
    const yes = h("button.btn", { type: "button", onclick: () => attempt({ status: "cancelled" }) }, say("panel-cancel-yes"));
    fill(section, h("p.lead", {}, say("panel-cancel-confirm")), h("div.actions", {}, no, yes));
    no.focus();
  }

  function askSlot() {
    const draft: Draft = {};
    const place = h("div");
    const button = h("button.btn", { type: "button", onclick: () => draft.slot && attempt({ slot: draft.slot }, () => shell.renew().then(redraw, () => {})) });
    const reword = () => {
      const chosen = draft.slot && moment(shell.when(), draft.slot);
      button.textContent = chosen ? say("panel-callback-submit", { moment: chosen }) : say("panel-callback-choose");
      button.setAttribute("aria-disabled", String(!chosen));
    };
    const redraw = () => {
      fill(place, slotPicker(shell, draft, reword));
      reword();
    };
    redraw();
    const actions = h("div.actions", {}, quiet(say("panel-back"), stepBack), button);
    fill(section, h("h3", {}, say("panel-callback-when")), place, actions);
    place.querySelector("input")?.focus();
  }

  /** Sends a change; where it is refused the section is mended, and says the reason below. */
  async function attempt(change: object, mend?: () => void | Promise<void>) {
    section.querySelector(".alert")?.remove();
    try {
      await patch(change);
    } catch (problem) {
      await mend?.();
      section.append(alertLine(say, (problem as Problem).errors[0]?.message ?? sentence(problem as Problem, say)));
    }
  }

  choose();
  return section;
}

function quiet(words: string, onclick: () => void): HTMLElement {
  return h("button.btn.quiet", { type: "button", onclick }, words);
}
