import assert from "node:assert/strict";
import { test } from "node:test";
import { forget, KEPT_AT_MOST, recall, remember, settle, type Memory } from "../src/kept.ts";

function memory(): Memory & { all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
  };
}
const broken: Memory = {
  getItem() {
    throw new Error("forbidden");
  },
  setItem() {
    throw new Error("forbidden");
  },
  removeItem() {
    throw new Error("forbidden");
  },
};

test("requests are remembered newest first, each once, ten at most", () => {
  const store = memory();
  for (let i = 0; i < 12; i++) remember("shop", { reference: `R${i}`, token: "old" }, store);
  remember("shop", { reference: "R5", token: "new" }, store);
  const known = recall("shop", store);
  assert.equal(known.length, KEPT_AT_MOST);
  assert.deepEqual(known.slice(0, 3), [{ reference: "R5", token: "new" }, { reference: "R11", token: "old" }, { reference: "R10", token: "old" }]);
});

test("sites do not see each other's requests", () => {
  const store = memory();
  remember("shop", { reference: "A", token: "a" }, store);
  assert.deepEqual(recall("other", store), []);
  assert.deepEqual([...store.all.keys()], ["porchlight:shop"]);
});

test("a settled request stays known and is no longer open; a forgotten one leaves nothing behind", () => {
  const store = memory();
  remember("shop", { reference: "A", token: "a" }, store);
  settle("shop", "A", true, store);
  assert.deepEqual(recall("shop", store), [{ reference: "A", token: "a", done: true }]);
  settle("shop", "A", false, store);
  assert.deepEqual(recall("shop", store), [{ reference: "A", token: "a" }], "it was opened anew");
  forget("shop", "A", store);
  assert.equal(store.all.size, 0);
});

test("settling what is unknown writes nothing", () => {
  const store = memory();
  settle("shop", "A", true, store);
  assert.equal(store.all.size, 0);
});

test("a forbidden storage and a foreign value are no requests, and no error", () => {
  remember("shop", { reference: "A", token: "a" }, broken);
  assert.deepEqual(recall("shop", broken), []);
  for (const odd of ["{", "null", "7", '{"a":1}', '[null,{"reference":"A"}]']) {
    const store = memory();
    store.all.set("porchlight:shop", odd);
    assert.deepEqual(recall("shop", store), [], odd);
  }
});
