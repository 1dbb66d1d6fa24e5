// Choosing a moment for a call: first the day, then the time. Taken moments are shown, and cannot be chosen.

import { fill, h } from "./dom.ts";
import type { Draft } from "./draft.ts";
import { chips } from "./form.ts";
import type { Shell } from "./shell.ts";
import { byDate, dateIn, dayLabel, timeIn } from "./time.ts";
import type { Slot } from "./wire.ts";

/** A picker over the slots of the offer. The choice goes into `draft.slot`; `changed` hears of it. */
export function slotPicker(shell: Shell, draft: Draft, changed: () => void): HTMLElement {
  const { say } = shell;
  const { slots: free = [], taken = [] } = shell.offer.forms.callback ?? {};
  const when = shell.when();
  const dateOf = (day: Slot[]) => dateIn(when.zone, day[0]!.from);
  const days = byDate(when.zone, [...free, ...taken].sort((a, b) => Date.parse(a.from) - Date.parse(b.from)));
  if (!free.some((slot) => slot.from === draft.slot)) delete draft.slot;

  const times = h("div");
  const showTimes = (day: Slot[]) => fill(times, timeChips(day));
  const timeChips = (day: Slot[]) => {
    const choices = day.map((slot) => ({
      value: slot.from,
      words: timeIn(when.zone, slot.from, when.locale),
      ...(taken.includes(slot) ? { note: say("panel-slot-taken") } : {}),
    }));
    const label = say("panel-callback-when") + ", " + dayLabel(when, day[0]!.from);
    const group = chips("slot", label, choices, draft.slot, (from) => ((draft.slot = from), changed()));
    group.id = "f-slot";
    group.setAttribute("aria-describedby", "f-slot-error");
    return group;
  };

  const hasFree = (day: Slot[]) => day.some((slot) => free.includes(slot));
  const chosen = days.find((day) => dateOf(day) === draft.day) ?? days.find(hasFree);
  if (!chosen) return h("p", {}, say("panel-callback-no-slots"));
  showTimes(chosen);
  const choices = days.map((day) => ({ value: dateOf(day), words: dayLabel(when, day[0]!.from) }));
  const pickDay = (date: string) => {
    draft.day = date;
    delete draft.slot;
    showTimes(days.find((day) => dateOf(day) === date)!);
    changed();
  };
  return h("div", {}, chips("day", say("panel-callback-when"), choices, dateOf(chosen), pickDay), times);
}
