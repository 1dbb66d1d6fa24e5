// Sending a file along with a request. What it is and whether it is taken, the host says.

import { fill, h } from "./dom.ts";
import { isRefused, randomKey } from "./draft.ts";
import { readRequest, sendFile, type Access, type Problem } from "./net.ts";
import { complaintLine } from "./one-field.ts";
import type { Shell } from "./shell.ts";
import type { OwnRequest } from "./wire.ts";

const KINDS = "image/*,.heic,.pdf,.txt";

/** A button that lets choose a file, and says below how its sending goes. */
export function fileSender({ say }: Shell, access: Access, see: (request: OwnRequest) => void): HTMLElement {
  const place = h("div", { role: "status" });
  const chosen = h<HTMLInputElement>("input", { type: "file", accept: KINDS, hidden: true, onchange: choose });
  const button = h("button.btn.quiet.wide", { type: "button", onclick: () => busy || chosen.click() }, say("panel-file"));
  let busy = false;

  /** One at a time: meanwhile no other can be chosen. The button keeps the focus; what goes on is said beside it. */
  function setBusy(is: boolean) {
    busy = is;
    button.setAttribute("aria-disabled", String(is));
  }

  function choose() {
    const file = chosen.files?.[0];
    if (file) void send(file, randomKey());
  }

  /** The same key however often it is tried: the file is there once. */
  async function send(file: File, key: string) {
    if (busy) return;
    setBusy(true);
    fill(place, h("p.hint", {}, say("panel-file-sending")));
    try {
      await sendFile(access, file, key);
      fill(place, h("p.hint", {}, say("panel-file-sent")));
      chosen.value = "";
      see(await readRequest(access));
    } catch (problem) {
      if (isRefused((problem as Problem).status)) chosen.value = "";
      fill(place, complaintLine(say, problem as Problem, () => void send(file, key)));
    }
    setBusy(false);
  }

  return h("section", {}, button, chosen, place);
}
