// Whether somebody is there now, in words.

import { h, type Child } from "./dom.ts";
import type { Shell } from "./shell.ts";
import { moment, shortMoment, timeIn } from "./time.ts";
import type { Availability } from "./wire.ts";

/** "Open until 20:00", "Closed · we open tomorrow at 10:00". */
export function availabilityLine(shell: Shell): Child[] {
  const { say, offer } = shell;
  const { state, changes_at } = offer.availability;
  const when = shell.when();
  const said =
    state === "open"
      ? [h("b", {}, changes_at ? say("panel-open-until", { time: shortMoment(when, changes_at) }) : say("panel-open-always"))]
      : [h("b.closed", {}, say("panel-closed")), changes_at && say("panel-opens", { moment: moment(when, changes_at) })];
  return dotted([...said, zoneNote(shell)]);
}

/** Parts of a line, with dots between those that there are. */
export function dotted(parts: Child[]): Child[] {
  return parts.filter(Boolean).flatMap((part, i) => (i ? [" · ", part] : [part]));
}

/** Both clocks, where the visitor's shows another time. */
export function zoneNote(shell: Shell): string {
  const { zone, now, locale } = shell.when();
  const site = timeIn(zone, now, locale);
  const yours = timeIn(Intl.DateTimeFormat().resolvedOptions().timeZone || zone, now, locale);
  return site === yours ? "" : shell.say("panel-zone-here", { site, yours });
}

/** Hours at the edge of a channel: "until 18:00", "from 9:00", "always". */
export function channelHours(shell: Shell, { state, changes_at }: Availability): string {
  const { say } = shell;
  const isOpen = state === "open";
  if (!changes_at) return say(isOpen ? "panel-channel-always" : "panel-channel-closed");
  const when = shortMoment(shell.when(), changes_at);
  return isOpen ? say("panel-channel-until", { time: when }) : say("panel-channel-from", { moment: when });
}
