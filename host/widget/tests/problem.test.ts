import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint, sentence } from "../src/problem.ts";

const say = (id: string, values: object = {}) => [id, ...Object.values(values)].join(" ");
const refused = (...errors: { pointer?: string; message: string }[]) => ({ status: 422, detail: "fields", errors });

test("an error stands at the field its pointer names", () => {
  const said = complaint(refused({ pointer: "/phone", message: "five more digits" }), ["phone", "name"], say);
  assert.deepEqual(said, { fields: { phone: "five more digits" }, general: "", retry: false });
});

test("of two errors at one field the first is said, and several fields are pointed out", () => {
  const errors = [
    { pointer: "/phone", message: "first" },
    { pointer: "/phone", message: "second" },
    { pointer: "/name", message: "third" },
  ];
  const said = complaint(refused(...errors), ["phone", "name"], say);
  assert.deepEqual(said, { fields: { phone: "first", name: "third" }, general: "panel-error-fields", retry: false });
});

test("an error at no field, or at one that is not shown, is said in the general line", () => {
  const said = complaint(refused({ message: "not here" }, { pointer: "/page", message: "odd page" }), ["phone"], say);
  assert.deepEqual(said, { fields: {}, general: "not here odd page", retry: false });
});

test("what passes by itself offers to try again", () => {
  for (const status of [0, 429, 500, 503]) assert.equal(complaint({ status, errors: [] }, [], say).retry, true, String(status));
  for (const status of [400, 404, 409, 413, 422]) assert.equal(complaint({ status, errors: [] }, [], say).retry, false, String(status));
});

test("every problem has its sentence", () => {
  const said = (status: number, more = {}) => sentence({ status, errors: [], ...more }, say);
  assert.equal(said(0), "panel-error-network");
  assert.equal(said(503, { detail: "internal words" }), "panel-error-server");
  assert.equal(said(409, { detail: "it is closed and stays so" }), "it is closed and stays so");
  assert.equal(said(413), "panel-error-server");
});

test("too many tries say when to come back, in whole minutes", () => {
  const said = (retryAfter?: number) => sentence({ status: 429, errors: [], ...(retryAfter ? { retryAfter } : {}) }, say);
  assert.equal(said(1), "panel-error-busy 1");
  assert.equal(said(61), "panel-error-busy 2");
  assert.equal(said(), "panel-error-busy 1");
});
