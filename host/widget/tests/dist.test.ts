import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { test } from "node:test";

declare const HERE: string;
const { built } = await import(pathToFileURL(HERE + "build.mjs").href);
const { sizes, laterSize, LOADER_BUDGET, OPEN_BUDGET, PROOF_BUDGET, TALK_BUDGET } = await import(pathToFileURL(HERE + "size.mjs").href);
const files: Record<string, string> = await built();
const manifest = JSON.parse(files["manifest.json"]!);
const loader = files["loader.js"]!;

test("what is committed is what the sources build", () => {
  for (const [name, content] of Object.entries(files)) {
    assert.ok(readFileSync(`${HERE}dist/${name}`, "utf8") === content, `${name} is stale: run \`npm run build\``);
  }
});

test("building twice gives the same bytes", async () => {
  assert.deepEqual(await built(), files);
});

test("the loader holds its placeholder exactly once, and reads in browsers of 2018", () => {
  assert.equal(loader.split('"__PORCHLIGHT_SETTINGS__"').length, 2);
  assert.ok(!/\?\.|\?\?|\|\|=|&&=/.test(loader.replace(/"[^"]*"/g, "")), "newer syntax than ES2017");
});

test("nothing is put into a page as markup or run from text", () => {
  for (const code of [loader, files[manifest.panel]!, files[manifest.proof]!, ...Object.values<string>(manifest.talk).map((name) => files[name]!)]) {
    assert.ok(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/.test(code));
  }
});

test("every language says the same texts with the same values", async () => {
  const shapes = Object.values<string>(manifest.texts).map(async (name) => {
    const texts = (await import("data:text/javascript," + encodeURIComponent(files[name]!))).default;
    return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, valuesIn(text)]));
  });
  const [english, ...others] = await Promise.all(shapes);
  assert.ok(Object.keys(english!).length > 50);
  for (const other of others) assert.deepEqual(other, english);
});

const valuesIn = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{[\w-]+\}/g))].sort().join();

test("the budgets hold in every language", () => {
  for (const { locale, loader: first, open } of sizes(files)) {
    assert.ok(first <= LOADER_BUDGET, `${locale}: loader of ${first} bytes`);
    assert.ok(open <= OPEN_BUDGET, `${locale}: ${open} bytes until open`);
  }
  assert.ok(laterSize(files, "proof") <= PROOF_BUDGET, `a proof of work takes ${laterSize(files, "proof")} bytes`);
  assert.ok(laterSize(files, "talk") <= TALK_BUDGET, `talking takes ${laterSize(files, "talk")} bytes`);
});
