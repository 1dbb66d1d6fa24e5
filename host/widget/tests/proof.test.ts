import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { solve } from "../src/proof.ts";
import { hashesAfter } from "../src/sha256.ts";

const hex = (words: Int32Array) => [...words].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
const official = (text: string) => createHash("sha256").update(text).digest("hex");

test("the hash is that of the platform, whatever the lengths", () => {
  for (let length = 0; length < 200; length++) {
    const beginning = "ж?&".repeat(100).slice(0, length);
    const hash = hashesAfter(beginning);
    for (const rest of ["", "0", "34567", "x".repeat(length)]) assert.equal(hex(hash(rest)), official(beginning + rest), `${length}`);
  }
});

// Made by `createChallenge` of altcha-lib 2.8.0, whose own solver finds 34567. The host's tests know the same one.
const CHALLENGE = {
  algorithm: "SHA-256",
  challenge: "4abe15f8191eb40d5d1a2f78f02dc19130465d9b3e59e95b381c7065061015ca",
  maxnumber: 100_000,
  salt: "000102030405060708090a0b?expires=1795376400&site=pet-shop&key=1&",
  signature: "5fd4c5a545e35b376c13803da3d30a4d6d5e3a960b7a91728789ae8a878c849f",
};

test("a challenge of the official library is solved as its own solver does", async () => {
  const { maxnumber: _, ...given } = CHALLENGE;
  assert.deepEqual(JSON.parse(atob(await solve(CHALLENGE))), { ...given, number: 34567 });
});

test("while a challenge is solved everything else has its turn", async () => {
  let turns = 0;
  const other = setInterval(() => turns++, 1);
  await assert.rejects(solve({ ...CHALLENGE, challenge: "0".repeat(64), maxnumber: 200_000 }));
  clearInterval(other);
  assert.ok(turns >= 3, `${turns} turns`);
});

test("a challenge that nothing solves is told from one that takes long", async () => {
  await assert.rejects(solve({ ...CHALLENGE, maxnumber: 1000 }), /no number solves/);
});
