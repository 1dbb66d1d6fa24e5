import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, isRefused, randomKey } from "../src/draft.ts";

function keys() {
  let count = 0;
  return () => `key-${++count}`;
}

test("the same words are sent again byte for byte under the same key, though the offer has changed meanwhile", () => {
  const key = keys();
  const first = attempt(undefined, { kind: "callback", phone: "+7" }, { form_token: "a" }, key);
  const again = attempt(first, { kind: "callback", phone: "+7" }, { form_token: "b" }, key);
  assert.equal(again, first);
  assert.deepEqual(JSON.parse(again.body), { kind: "callback", phone: "+7", form_token: "a" });
});

test("changed words get a key and a body of their own", () => {
  const key = keys();
  const first = attempt(undefined, { phone: "+7" }, { form_token: "a" }, key);
  const next = attempt(first, { phone: "+7 916" }, { form_token: "b" }, key);
  assert.deepEqual([first.key, next.key], ["key-1", "key-2"]);
  assert.deepEqual(JSON.parse(next.body), { phone: "+7 916", form_token: "b" });
});

test("only an answer that says no for good ends an attempt", () => {
  assert.deepEqual([400, 409, 413, 422].map(isRefused), [true, true, true, true]);
  assert.deepEqual([0, 201, 408, 429, 500, 503].map(isRefused), [false, false, false, false, false, false]);
});

test("keys are long, printable and never the same", () => {
  assert.match(randomKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(randomKey(), randomKey());
});
