// Moments as people say them, always in the site's own zone. Pure: whoever asks says what time it is.

import type { Say } from "./text.ts";

/** Whose words, which zone, and what time it is there (milliseconds since 1970). */
export interface When {
  say: Say;
  locale: string;
  zone: string;
  now: number;
}

const DAY_MS = 86_400_000;

/** The tag whose customs of date and time are followed: English as it is written in Europe. */
const customs = (locale: string) => (locale === "en" ? "en-GB" : locale);

function format(instant: string | number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(customs(locale), options).format(new Date(instant));
}

/** The local date of an instant, `2026-11-23`. */
export function dateIn(zone: string, instant: string | number): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(instant));
}

/** The local time of an instant on a 24 hour clock, `9:05`. */
export function timeIn(zone: string, instant: string | number, locale: string): string {
  const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return format(instant, locale, options).replace(/^0(?=\d)/, "");
}

/** How many local days after today an instant lies: 0 is today, 1 is tomorrow. */
export function daysAhead(when: Pick<When, "zone" | "now">, instant: string | number): number {
  const days = (date: string) => Date.parse(date + "T00:00:00Z") / DAY_MS;
  return days(dateIn(when.zone, instant)) - days(dateIn(when.zone, when.now));
}

/** A day as a short label: "Today", "Mon 23". */
export function dayLabel(when: When, instant: string): string {
  if (daysAhead(when, instant) === 0) return when.say("panel-today");
  const weekday = format(instant, when.locale, { timeZone: when.zone, weekday: "short" });
  const day = format(instant, "en", { timeZone: when.zone, day: "numeric" });
  return weekday.charAt(0).toUpperCase() + weekday.slice(1) + " " + day;
}

/** A moment within a sentence: "tomorrow at 10:00", "on Monday at 10:00", "on 30 November at 10:00". */
export function moment(when: When, instant: string): string {
  return when.say("moment-at", dayAndTime(when, instant));
}

/** A deadline within a sentence: "today by 17:00". */
export function momentBy(when: When, instant: string): string {
  return when.say("moment-by", dayAndTime(when, instant));
}

const ON_WEEKDAY = ["on-sunday", "on-monday", "on-tuesday", "on-wednesday", "on-thursday", "on-friday", "on-saturday"];

/** The same words for the same day as in the host's e-mails (`moments.rs`). */
function dayAndTime(when: When, instant: string): { day: string; time: string } {
  const { say, zone, locale } = when;
  const ahead = daysAhead(when, instant);
  const time = timeIn(zone, instant, locale);
  if (ahead === 0) return { day: say("day-today"), time };
  if (ahead === 1) return { day: say("day-tomorrow"), time };
  const weekday = new Date(dateIn(zone, instant) + "T00:00:00Z").getUTCDay();
  if (ahead > 1 && ahead < 7) return { day: say(ON_WEEKDAY[weekday]!), time };
  return { day: say("day-date", dayAndMonth(when, instant)), time };
}

function dayAndMonth({ locale, zone }: When, instant: string): { day: string; month: string } {
  const style = new Intl.DateTimeFormat(customs(locale), { timeZone: zone, day: "numeric", month: "long" });
  const part = (type: string) => style.formatToParts(new Date(instant)).find((one) => one.type === type)?.value ?? "";
  return { day: part("day"), month: part("month") };
}

/** A moment at the edge of a line: the time alone where no other day can be meant, else with its weekday. */
export function shortMoment(when: When, instant: string): string {
  const time = timeIn(when.zone, instant, when.locale);
  if (Date.parse(instant) - when.now < DAY_MS) return time;
  return format(instant, when.locale, { timeZone: when.zone, weekday: "short" }) + " " + time;
}

/** Groups things by the local date they begin on, in their own order. */
export function byDate<T extends { from: string }>(zone: string, things: T[]): T[][] {
  const days = new Map<string, T[]>();
  for (const thing of things) {
    const date = dateIn(zone, thing.from);
    days.set(date, [...(days.get(date) ?? []), thing]);
  }
  return [...days.values()];
}
