// Writes oracle.txt: what the npm package `opening_hours` says about many expressions, in five zones.
//
// It is an implementation of the OSM specification that shares nothing with the crate behind our support hours (LGPL-3.0-only;
// none of it is kept here but what it answers). It reads local time from its process, so each zone is asked in one of its own.
//
//     cd "$(mktemp -d)" && npm install opening_hours@3.15.0
//     cp /path/to/host/model/tests/hours/oracle.mjs . && node oracle.mjs > /path/to/host/model/tests/hours/oracle.txt

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VERSION = '3.15.0';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

// Zone, country of its holidays, and the moments its clocks change in 2026 (Moscow's do not: Berlin's nights stand there).
const ZONES = [
  ['Europe/Moscow', 'ru', ['2026-03-29T01:00Z', '2026-10-25T01:00Z']],
  ['Europe/Sofia', 'bg', ['2026-03-29T01:00Z', '2026-10-25T01:00Z']],
  ['Europe/Berlin', 'de', ['2026-03-29T01:00Z', '2026-10-25T01:00Z']],
  ['America/New_York', 'us', ['2026-03-08T07:00Z', '2026-11-01T06:00Z']],
  // Half an hour's change; its holidays are those of its state, which is no matter of ours.
  ['Australia/Lord_Howe', undefined, ['2026-04-04T15:00Z', '2026-10-03T15:30Z']],
];

// Asked at random moments and on both nights when the clocks change.
const EXPRESSIONS = [
  // Days and times.
  '24/7', 'off', 'Mo-Su 00:00-24:00', '10:00-18:00', 'Mo-Fr 10:00-20:00; Sa 11:00-18:00', 'Mo-Fr 09:00-12:30,13:30-18:00',
  'Mo,We,Fr 08:00-12:00', 'Sa-Mo 10:00-14:00', 'Fr-Mo 09:00-17:00; Su off', 'Mo-Sa 10:00-19:00; Tu off', 'Mo-Fr,Su 07:15-07:45',
  'Sa,Su 00:00-06:00', 'Mo 10:00-12:00,12:00-14:00', 'Tu 18:00-24:00; We 00:00-03:00', 'Mo-Su 00:00-02:30,04:00-24:00',
  'Mo-Fr 10:00-18:00,11:00-12:00', '09:00-12:00,11:00-14:00',
  // Hours that the clocks skip or repeat.
  'Su 01:30-05:00', 'Su 02:30-05:00', 'Su 01:00-02:30', 'Sa,Su 02:15-02:45', 'Su 03:00-04:00', 'Mo-Su 03:30-06:30', 'Su 01:45-03:15',
  'Mo-Su 02:00-03:00',
  // Past midnight.
  'Fr 20:00-04:00', 'Fr,Sa 20:00-26:00', 'Mo-Su 22:00-26:00', 'Mo-Su 18:00-02:30', 'Sa 22:00-03:30; Su 12:00-16:00', 'Sa 22:00-27:30',
  'Mo-Th 18:00-23:00; Fr,Sa 18:00-03:00', 'Su-Th 17:00-01:00, Fr,Sa 17:00-04:00', 'Fr 22:00-02:00; Sa 10:00-12:00',
  'Fr 22:00-02:00, Sa 10:00-12:00', 'Mo-Su 20:00-02:00; Sa off', 'Fr-Su 21:00-05:00; Nov off', 'Mo-Su 10:00-02:00; Mo 10:00-18:00',
  'Dec 31 20:00-04:00', 'Mo-Su 22:00-06:00; Dec 31 off', 'Sa 20:00-48:00',
  // Months and seasons.
  'Nov-Mar 10:00-16:00', 'Nov-Mar Mo-Fr 10:00-16:00; Apr-Oct Mo-Sa 09:00-18:00', 'Apr-Sep Mo-Fr 09:00-18:00', 'Jan,Jul 12:00-13:00',
  'Oct-Apr Tu-Su 10:00-17:00; Dec off', 'Mo-Fr 10:00-18:00; Aug off', 'Feb Su 10:00-11:00', 'Dec-Feb Sa,Su 22:00-02:00',
  // Dates.
  'Dec 24-26 off; Mo-Su 10:00-18:00', 'Mo-Su 10:00-18:00; Dec 24-26 off', 'Mo-Su 10:00-18:00; Dec 31-Jan 02 off', 'Feb 29 10:00-11:00',
  'Mar 29 10:00-11:00', 'Mar 15-Oct 14 Mo-Fr 08:00-20:00', 'Mo-Fr 09:00-17:00; Dec 31 09:00-13:00', 'Jan 01,May 01,Dec 25 10:00-12:00',
  'Oct 15-Mar 15 10:00-16:00', 'Mar 28-30 01:00-05:00; Oct 24-26 01:00-05:00', 'Mo-Fr 10:00-18:00; Dec 20-Jan 10 12:00-14:00',
  // Years.
  '2026 Mo-Fr 10:00-18:00', '2027 Mo-Fr 10:00-18:00', '2026-2027 Su 10:00-12:00', '2026 Dec 31 10:00-15:00', '2025-2031/2 We 10:00-11:00',
  '2027+ Mo 08:00-09:00', '2026 Mar 01-2026 Oct 31 Mo-Fr 10:00-18:00', 'Mo-Fr 10:00-18:00; 2026 Dec 31 off', '2020 Mo-Fr 10:00-18:00',
  '2026 Dec 20-2027 Jan 10 12:00-14:00',
  // Weeks.
  'week 1-52/2 Mo 10:00-18:00', 'week 2-53/2 Mo-Fr 09:00-17:00', 'week 10-20 Mo-Fr 10:00-12:00', 'week 53 Mo-Su 10:00-11:00',
  'week 1 Mo-Su 10:00-11:00', 'week 13,44 Su 01:00-05:00', 'week 1-53/2 Fr 20:00-02:00', 'week 52-53 10:00-16:00',
  // Easter.
  'easter 10:00-12:00', 'easter -2 days-easter +1 day off; Mo-Su 10:00-18:00', 'Mo-Su 10:00-18:00; easter -2 days-easter +1 day off',
  'easter +1 day 10:00-11:00', 'easter -48 days 11:00-23:00', 'easter +39 days 08:00-12:00', 'Mo-Fr 09:00-17:00; easter -2 days off',
  // The how-manieth weekday of a month.
  'Mo[1] 10:00-12:00', 'Su[-1] 01:00-05:00', 'Sa[1,3] 10:00-14:00', 'We[2-4] 15:00-16:00', 'Fr[-1] 20:00-02:00', 'Mo-Fr 10:00-18:00; Fr[1] off',
  'Oct Su[-1] 00:30-03:30', 'Mar Su[-1] 00:30-05:30', 'Th[4] 10:00-14:00; Nov Th[4] off', 'Su[5] 10:00-11:00', 'Sa[-2] 09:00-10:00',
  'Nov Su[1] 00:30-04:00', 'Mar Su[2] 00:30-04:00',
  // Closing and covering.
  'Mo-Fr 10:00-18:00; We off', 'Mo-Fr 10:00-18:00; We 12:00-14:00 off', 'Mo-Su 10:00-18:00; Sa 12:00-16:00; Su off',
  '24/7; Su 02:00-04:00 off', '24/7; Sa 23:00-05:00 off', 'Mo-Fr 08:00-20:00; Mo-Fr 12:00-13:00 off; We off',
  '24/7; Sa 23:00-05:00 unknown', '24/7; Sa 23:00-05:00 off; Su 03:00-12:00', 'Mo-Su 20:00-04:00; Sa 23:00-02:00 off',
  // Adding.
  'Mo-Fr 08:00-12:00, We 14:00-18:00', 'Mo-Fr 08:00-12:00, Mo,Tu 13:00-15:00, Sa 09:00-11:00', 'Mo-Fr 10:00-18:00, Dec 24-26 12:00-14:00',
  'Mo 10:00-12:00, Mo 11:00-13:00', 'Sa 08:00-12:00, Sa[1] 13:00-17:00', 'Mo-Fr 10:00-18:00, We 12:00-14:00 off',
  // Falling back.
  'Mo-Fr 10:00-12:00 || Mo-Su 11:00-13:00', 'Mo 10:00-18:00 || Tu-Fr 12:00-14:00 || Sa,Su 15:00-16:00', 'Mo-Fr 10:00-18:00 || unknown',
  'Mo-Fr 10:00-12:00 || We 15:00-16:00', 'Nov-Mar 10:00-12:00 || Mo-Fr 14:00-16:00', 'Fr 22:00-02:00 || 12:00-13:00',
  'Mo-Fr 10:00-18:00 || Sa 10:00-12:00; We off', 'Mo-Fr 10:00-12:00; We off || 14:00-15:00', 'Mo-Fr 10:00-12:00 unknown || 11:00-13:00',
  'Mo-Fr 10:00-18:00 || Sa 22:00-02:00',
  // Perhaps, and words.
  'Mo-Fr 10:00-18:00; Sa 10:00-14:00 unknown "call first"', 'Mo-Fr 10:00-18:00 "ring twice"', 'Mo-Fr 10:00-18:00 open "ring twice"',
  'Mo-Fr 10:00-18:00 open; Sa,Su closed',
];

const WITH_HOLIDAYS = [
  'Mo-Fr 10:00-20:00; Sa 11:00-18:00; PH off', '24/7; PH off', 'PH 10:00-14:00', 'Mo-Fr 09:00-17:00; PH 10:00-12:00', 'Fr 22:00-02:00; PH off',
  'Mo-Su 20:00-02:00; PH off', 'Mo-Su,PH 10:00-18:00', 'PH,Su 11:00-15:00',
];

// Chance that is the same in every run.
function chance(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const seedOf = (text) => [...text].reduce((hash, letter) => (Math.imul(hash, 31) + letter.codePointAt(0)) | 0, 7);
const minute = (time) => new Date(time).toISOString().slice(0, 16);

/** Whether it is open, and the next time that is otherwise: states between (`unknown`, comments) are all closed to us. */
function answer(hours, now) {
  const steps = hours.getIterator(new Date(now));
  const open = steps.getState();
  try {
    return { open, change: changeAfter(steps, open, new Date(now + 800 * DAY)) };
  } catch (error) {
    // Its own guard, on some nights when clocks change.
    if (!String(error).includes('infinite loop')) throw error;
    return { open, fails: true };
  }
}

function changeAfter(steps, open, end) {
  while (steps.advance(end)) {
    if (steps.getState() !== open) return steps.getDate().getTime();
  }
  return undefined;
}

function line(now, { open, change, fails }) {
  const next = fails ? 'fails' : change === undefined ? 'never' : minute(change);
  return `${minute(now)} ${open ? 'open' : 'closed'} ${next}`;
}

/** Around both nights when the clocks change, and of any day one at, or a minute before, a change of state. */
function moments(hours, draw, [first, second]) {
  const start = Date.parse('2026-01-01T00:00Z');
  const within = (change, from, to) => Date.parse(change) + (from + draw(to - from)) * MINUTE;
  const around = [first, second].flatMap((change) => [within(change, -1440, 1440), within(change, -60, 300)]);
  const later = start + draw(720 * 24 * 60) * MINUTE;
  const edge = (answer(hours, later).change ?? start) - draw(2) * MINUTE;
  return [Date.parse(first) - MINUTE, Date.parse(second) + 15 * MINUTE, ...around, edge];
}

function askZone([zone, country, changes], write) {
  write(`zone ${zone} ${country?.toUpperCase() ?? '-'}`);
  const place = { lat: 0, lon: 0, address: { country_code: country ?? 'bv' } };
  for (const expression of [...EXPRESSIONS, ...(country ? WITH_HOLIDAYS : [])]) {
    const hours = new opening_hours(expression, place);
    write(`hours ${expression}`);
    for (const now of [...new Set(moments(hours, chance(seedOf(zone + expression)), changes))].sort((a, b) => a - b)) {
      write(line(now, answer(hours, now)));
    }
  }
}

const { default: opening_hours } = await import('opening_hours');
const installed = JSON.parse(readFileSync('node_modules/opening_hours/package.json', 'utf8')).version;
if (installed !== VERSION) throw new Error(`this needs opening_hours ${VERSION}, here is ${installed}`);

const asked = process.argv[2];
if (asked === undefined) {
  console.log(`# Made by oracle.mjs with the npm package opening_hours ${VERSION}; do not edit. Moments are UTC.`);
  for (const [zone] of ZONES) {
    const env = { ...process.env, TZ: zone };
    process.stdout.write(execFileSync(process.execPath, [fileURLToPath(import.meta.url), zone], { env, maxBuffer: 2 ** 28 }));
  }
} else {
  const lines = [];
  askZone(ZONES.find(([zone]) => zone === asked), (line) => lines.push(line));
  console.log(lines.join('\n'));
}
