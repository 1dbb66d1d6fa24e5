// Builds `dist/`: the loader, the panel, its style sheet, what solves proofs of work, and per language one chunk of texts and one that
// goes on about requests, with what it alone says in it.
//
//   node build.mjs           writes dist/
//   node build.mjs --check   fails where dist/ is not what would be written

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { texts } from "./fluent.mjs";
import { checkSizes } from "./size.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const LOCALES = ["en", "ru", "bg"];
const PLACEHOLDER = '"__PORCHLIGHT_SETTINGS__"';
const BROWSERS = ["chrome109", "firefox115", "safari16.4"];

/** Every file of `dist/`, by name. */
export async function built() {
  const said = Object.fromEntries(LOCALES.map((locale) => [locale, textsOf(locale)]));
  const loader = await bundle("loader.ts", {
    format: "iife",
    // Older than what the panel needs, so that older browsers can read the loader and show a plain link.
    target: "es2017",
    supported: { "dynamic-import": true },
    define: { OPEN_REQUEST: JSON.stringify(mapped(said, (all) => all["launcher-open-request"])) },
  });
  if (loader.split(PLACEHOLDER).length !== 2) throw new Error("the loader must hold its placeholder exactly once");
  const panel = await bundle("panel.ts", { format: "esm", target: BROWSERS });
  const proof = await bundle("proof.ts", { format: "esm", target: BROWSERS });
  const style = await minified(join(here, "src/panel.css"));
  const ids = await idsSaid("panel.ts");
  const onlyTalked = (await idsSaid("talk.ts")).filter((id) => !ids.includes(id));
  const texts = mapped(said, (all, locale) => `export default ${JSON.stringify(picked(all, ids, locale))};\n`);
  const talks = mapped(said, (all, locale) => {
    const define = { TEXTS: JSON.stringify(picked(all, onlyTalked, locale)), LOCALE: JSON.stringify(locale) };
    return bundle("talk.ts", { format: "esm", target: BROWSERS, define });
  });

  const files = { "loader.js": loader };
  const add = (name, kind, content) => {
    const hashed = `${name}.${createHash("sha256").update(content).digest("hex").slice(0, 12)}.${kind}`;
    files[hashed] = content;
    return hashed;
  };
  const addAll = async (name, contents) => {
    const named = await Promise.all(Object.entries(contents).map(async ([locale, content]) => [locale, await content]));
    return Object.fromEntries(named.map(([locale, content]) => [locale, add(`${name}-${locale}`, "js", content)]));
  };
  const manifest = {
    loader: "loader.js",
    panel: add("panel", "js", panel),
    proof: add("proof", "js", proof),
    talk: await addAll("talk", talks),
    style: add("panel", "css", style),
    texts: await addAll("text", texts),
  };
  files["manifest.json"] = JSON.stringify(manifest, null, 2) + "\n";
  return files;
}

const bundled = (entry, options) =>
  build({
    entryPoints: [join(here, "src", entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    legalComments: "none",
    plugins: [cssText],
    ...options,
  });

async function bundle(entry, options) {
  return (await bundled(entry, options)).outputFiles[0].text;
}

const cssText = {
  name: "css-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await minified(path), loader: "text" }));
  },
};

async function minified(path) {
  const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: BROWSERS });
  return code.trim();
}

function textsOf(locale) {
  const file = join(here, "../model/texts", `${locale}.ftl`);
  return texts(readFileSync(file, "utf8"), file);
}

/** Ids of the texts that the sources of a chunk say. */
async function idsSaid(entry) {
  const { metafile } = await bundled(entry, { metafile: true });
  const sources = Object.keys(metafile.inputs).map((name) => readFileSync(join(here, name), "utf8")).join("\n");
  return [...new Set([...sources.matchAll(/"((?:panel|moment|day|on)-[a-z0-9-]+)"/g)].map((found) => found[1]))].sort();
}

function picked(all, ids, locale) {
  const missing = ids.filter((id) => all[id] === undefined);
  if (missing.length) throw new Error(`${locale}.ftl has no text for ${missing.map((id) => `\`${id}\``).join(", ")}`);
  return Object.fromEntries(ids.map((id) => [id, all[id]]));
}

const mapped = (record, change) => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

function stale(files, folder) {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const changed = Object.keys(files).filter((name) => !there.includes(name) || readFileSync(join(folder, name), "utf8") !== files[name]);
  return [...changed, ...there.filter((name) => !(name in files))];
}

function write(files, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(here, "dist");
  const files = await built();
  if (!process.argv.includes("--check")) write(files, folder);
  const differing = stale(files, folder);
  if (differing.length) {
    console.error(`dist is stale (run \`npm run build\` in host/widget): ${differing.join(", ")}`);
    process.exit(1);
  }
  checkSizes(files);
}
