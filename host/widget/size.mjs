// Byte budgets, checked on every build: what a visitor downloads until the panel stands open.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The loader with the settings of a site in it, in bytes after gzip. */
export const LOADER_BUDGET = 4096;
/** Loader, panel, one chunk of texts and the offer of a typical site, in bytes after gzip. */
export const OPEN_BUDGET = 21 * 1024;

/** What is loaded when the host asks for a proof of work, in bytes after gzip. */
export const PROOF_BUDGET = 1280;

/** What is loaded when a request is looked at, with its texts in one language, in bytes after gzip. */
export const TALK_BUDGET = 4608;

const zipped = (content) => gzipSync(content, { level: 9 }).length;
const sample = (name) => readFileSync(new URL(`tests/${name}`, import.meta.url), "utf8");

/** What each language costs, in bytes after gzip. */
export function sizes(files) {
  const manifest = JSON.parse(files["manifest.json"]);
  const settings = JSON.stringify(JSON.parse(sample("settings.json")));
  const loader = zipped(files["loader.js"].replace('"__PORCHLIGHT_SETTINGS__"', () => settings));
  const offer = zipped(JSON.stringify(JSON.parse(sample("offer.json"))));
  const panel = zipped(files[manifest.panel]);
  return Object.entries(manifest.texts).map(([locale, name]) => {
    const texts = zipped(files[name]);
    return { locale, loader, panel, texts, offer, open: loader + panel + texts + offer };
  });
}

/** What a chunk that is loaded later costs, in the language where that is most, in bytes after gzip. */
export function laterSize(files, chunk) {
  const names = JSON.parse(files["manifest.json"])[chunk];
  return Math.max(...[names].flatMap((all) => (typeof all === "string" ? all : Object.values(all))).map((name) => zipped(files[name])));
}

/** Prints the sizes, and throws where a budget is broken. */
export function checkSizes(files) {
  for (const { locale, loader, panel, texts, offer, open } of sizes(files)) {
    console.log(`${locale}: loader ${loader} + panel ${panel} + texts ${texts} + offer ${offer} = ${open} bytes of ${OPEN_BUDGET}`);
    if (loader > LOADER_BUDGET) throw new Error(`the loader takes ${loader} bytes, ${LOADER_BUDGET} are allowed`);
    if (open > OPEN_BUDGET) throw new Error(`an open panel takes ${open} bytes, ${OPEN_BUDGET} are allowed`);
  }
  checkLater(files, "proof", PROOF_BUDGET);
  checkLater(files, "talk", TALK_BUDGET);
}

function checkLater(files, chunk, budget) {
  const size = laterSize(files, chunk);
  console.log(`${chunk}: ${size} bytes of ${budget}`);
  if (size > budget) throw new Error(`the chunk ${chunk} takes ${size} bytes, ${budget} are allowed`);
}
