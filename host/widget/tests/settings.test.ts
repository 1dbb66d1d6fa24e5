import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLocale, hostedPage, localeOf, type Settings } from "../src/settings.ts";
import sample from "./settings.json";

test("a regional tag finds its language, and a foreign one finds none", () => {
  assert.equal(localeOf("bg-BG"), "bg");
  assert.equal(localeOf("RU_ru"), "ru");
  assert.equal(localeOf("de"), undefined);
  assert.equal(localeOf("en\u0000"), undefined);
  assert.equal(localeOf(""), undefined);
  assert.equal(localeOf(undefined), undefined);
});

test("the page's language comes before the browser's, and the site's is last", () => {
  assert.equal(chooseLocale("bg", ["en-US", "ru"], "ru"), "bg");
  assert.equal(chooseLocale("de", ["fr", "en-US", "ru"], "ru"), "en");
  assert.equal(chooseLocale("", ["fr"], "ru"), "ru");
});

test("the hosted page is found from the settings", () => {
  assert.equal(hostedPage(sample as Settings), "https://help.shop.example/c/pet-shop");
});
