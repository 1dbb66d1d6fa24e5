// The way to be answered.

import { chips } from "./form.ts";
import type { Shell } from "./shell.ts";

/** The ways to be answered, as chips. `pick` hears of the choice. */
export function replyChips({ say }: Shell, chosen: string | undefined, pick: (by: string) => void): HTMLElement {
  const choices = [
    { value: "email", words: say("panel-reply-by-email") },
    { value: "phone", words: say("panel-reply-by-phone") },
  ];
  const group = chips("reply_by", say("panel-field-reply-by"), choices, chosen, pick);
  group.classList.add("two");
  return group;
}
