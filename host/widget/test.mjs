// Bundles the tests (Node 20 reads no TypeScript) and hands them to Node's own test runner.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const tests = fileURLToPath(new URL("tests", import.meta.url));
const modules = fileURLToPath(new URL("node_modules", import.meta.url));
const out = mkdtempSync(join(modules, ".tests-"));
try {
  await build({
    entryPoints: readdirSync(tests).filter((name) => name.endsWith(".test.ts")).map((name) => join(tests, name)),
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: out,
    outExtension: { ".js": ".mjs" },
    packages: "external",
    loader: { ".json": "json" },
    define: { HERE: JSON.stringify(fileURLToPath(new URL(".", import.meta.url))) },
  });
  const files = readdirSync(out).map((name) => join(out, name));
  process.exitCode = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
