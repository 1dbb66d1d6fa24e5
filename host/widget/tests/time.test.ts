import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
// @ts-expect-error: plain JavaScript, run by the build
import { texts } from "../fluent.mjs";
import { speaker } from "../src/text.ts";
import { byDate, dateIn, dayLabel, daysAhead, moment, momentBy, shortMoment, timeIn, type When } from "../src/time.ts";

declare const HERE: string;

function at(now: string, locale = "ru", zone = "Europe/Moscow"): When {
  const source = readFileSync(`${HERE}../model/texts/${locale}.ftl`, "utf8");
  return { say: speaker(texts(source, locale), locale), locale, zone, now: Date.parse(now) };
}
const night = "2026-11-22T19:30:00Z";

test("times are the site's own, on a clock of 24 hours, without a leading zero", () => {
  assert.equal(timeIn("Europe/Moscow", "2026-11-23T06:05:00Z", "ru"), "9:05");
  assert.equal(timeIn("Europe/Moscow", "2026-11-22T21:00:00Z", "en"), "0:00");
  assert.equal(timeIn("Asia/Tokyo", "2026-11-23T06:05:00Z", "bg"), "15:05");
});

test("a day begins at the site's midnight, not at the visitor's", () => {
  assert.equal(dateIn("Europe/Moscow", "2026-11-22T20:59:59Z"), "2026-11-22");
  assert.equal(dateIn("Europe/Moscow", "2026-11-22T21:00:00Z"), "2026-11-23");
});

test("days ahead count local days, over the night the clocks change too", () => {
  const sofia = { zone: "Europe/Sofia", now: Date.parse("2026-10-24T20:30:00Z") };
  assert.equal(daysAhead(sofia, "2026-10-24T20:59:00Z"), 0);
  assert.equal(daysAhead(sofia, "2026-10-24T21:00:00Z"), 1);
  assert.equal(daysAhead(sofia, "2026-10-25T22:00:00Z"), 2);
});

test("a day chip says today, or weekday and number", () => {
  assert.equal(dayLabel(at(night), "2026-11-22T20:00:00Z"), "Сегодня");
  assert.equal(dayLabel(at(night), "2026-11-23T07:00:00Z"), "Пн 23");
  assert.equal(dayLabel(at(night, "en"), "2026-11-23T07:00:00Z"), "Mon 23");
});

test("a moment is said with today, tomorrow, a weekday, a date", () => {
  const said = (instant: string, locale?: string) => moment(at(night, locale), instant);
  assert.equal(said("2026-11-22T19:31:00Z"), "сегодня в 22:31");
  assert.equal(said("2026-11-23T07:30:00Z"), "завтра в 10:30");
  assert.equal(said("2026-11-24T07:00:00Z"), "во вторник в 10:00");
  assert.equal(said("2026-11-30T07:00:00Z"), "30 ноября в 10:00");
  assert.equal(said("2026-11-21T07:00:00Z"), "21 ноября в 10:00");
  assert.equal(said("2026-11-30T07:00:00Z", "bg"), "на 30 ноември в 10:00");
  assert.equal(momentBy(at(night), "2026-11-23T09:00:00Z"), "завтра до 12:00");
});

test("at the edge of a line the time stands alone within a day, else with its weekday", () => {
  assert.equal(shortMoment(at(night), "2026-11-23T07:00:00Z"), "10:00");
  assert.equal(shortMoment(at(night), "2026-11-24T07:00:00Z"), "вт 10:00");
});

test("slots fall into the local days they begin on, in order", () => {
  const slots = ["2026-11-22T20:30:00Z", "2026-11-22T21:00:00Z", "2026-11-23T07:00:00Z"].map((from) => ({ from }));
  assert.deepEqual(byDate("Europe/Moscow", slots), [[slots[0]], [slots[1], slots[2]]]);
});
