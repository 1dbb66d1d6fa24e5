import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, onColour, paletteCss, PAPERS, tones } from "../src/colour.ts";

const steps = ["00", "33", "66", "99", "cc", "ff"];
const ACCENTS = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
/** Ink and secondary ink of `panel.css`, by paper. */
const INKS = { [PAPERS.light]: ["#1f1b16", "#6b635a"], [PAPERS.dark]: ["#f5efe6", "#b3a899"] };

test("contrast is measured as WCAG defines it", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

test("black or white reads on every accent", () => {
  for (const accent of ACCENTS) assert.ok(contrast(accent, onColour(accent)) >= 4.5, accent);
});

test("whatever the owner chooses, words stay readable and fills visible, on both papers", () => {
  for (const paper of Object.values(PAPERS)) {
    for (const chosen of ACCENTS) {
      const { accent, onAccent, accentText, soft } = tones(chosen, paper);
      const told = `${chosen} on ${paper}: ${JSON.stringify({ accent, onAccent, accentText, soft })}`;
      assert.ok(contrast(accent, paper) >= 3, told);
      assert.ok(contrast(onAccent, accent) >= 4.5, told);
      assert.ok(contrast(accentText, paper) >= 4.5, told);
      assert.ok(contrast(accentText, soft) >= 4.5, told);
      for (const ink of INKS[paper]!) assert.ok(contrast(ink, soft) >= 4.5, `${ink} ${told}`);
    }
  }
});

test("an accent that already reads well is left as it is", () => {
  assert.equal(tones("#b4530a", PAPERS.light).accent, "#b4530a");
});

test("a colour that is none does not reach the style sheet", () => {
  const css = paletteCss("red}*{display:none");
  assert.ok(!css.includes("display"));
  assert.ok(css.includes("--accent:#b4530a"));
});
