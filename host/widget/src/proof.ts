// Proof of work, as the `altcha` protocol (version 1, SHA-256) has it. Entry of a chunk that is loaded when the host asks for one.

import { hashesAfter } from "./sha256.ts";
import type { Challenge } from "./wire.ts";

/** How long the page may be kept from everything else, in milliseconds. */
const SLICE_MS = 8;
/** How many hashes there are to one look at the clock. */
const STRIDE = 64;

/** Solves a challenge, a little at a time, and gives what to send as `proof`. */
export async function solve({ algorithm, challenge, maxnumber, salt, signature }: Challenge): Promise<string> {
  const number = await search(salt, challenge, maxnumber);
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

async function search(salt: string, challenge: string, maxnumber: number): Promise<number> {
  const hash = hashesAfter(salt);
  const wanted = challenge.match(/.{8}/g)!.map((word) => parseInt(word, 16) | 0);
  const isFound = (found: Int32Array) => wanted.every((word, i) => found[i] === word);
  let pause = performance.now() + SLICE_MS;
  for (let number = 0; number <= maxnumber; number++) {
    if (isFound(hash(String(number)))) return number;
    if (number % STRIDE || performance.now() < pause) continue;
    await turn();
    pause = performance.now() + SLICE_MS;
  }
  throw new Error("no number solves the challenge");
}

/** Lets everything else have its turn. A timer would do that too, but hardly ticks in a tab that is not looked at. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });
}
