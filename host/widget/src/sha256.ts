// SHA-256 (FIPS 180-4) of texts that all begin alike. Pages without TLS have no `crypto.subtle`, and where there is one, a call
// of it takes longer than hashing so little here. Pure.

const PRIMES = primes(64);
const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const BLOCK = 64;

/** Hashes what begins with `beginning`: what both have in common is read once. The hash comes as eight words. */
export function hashesAfter(beginning: string): (rest: string) => Int32Array {
  const bytes = new TextEncoder().encode(beginning);
  const whole = bytes.length - (bytes.length % BLOCK);
  const common = Int32Array.from(START);
  for (let at = 0; at < whole; at += BLOCK) compress(common, new DataView(bytes.buffer, at, BLOCK));
  const left = bytes.subarray(whole);

  return (rest) => {
    const more = new TextEncoder().encode(rest);
    const length = left.length + more.length;
    const last = new Uint8Array(Math.ceil((length + 9) / BLOCK) * BLOCK);
    last.set(left);
    last.set(more, left.length);
    last[length] = 0x80;
    new DataView(last.buffer).setUint32(last.length - 4, (whole + length) * 8);
    const state = common.slice();
    for (let at = 0; at < last.length; at += BLOCK) compress(state, new DataView(last.buffer, at, BLOCK));
    return state;
  };
}

const words = new Int32Array(BLOCK);

function compress(state: Int32Array, block: DataView): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(i * 4);
  for (let i = 16; i < BLOCK; i++) {
    const near = words[i - 15]!;
    const far = words[i - 2]!;
    const mixed = (turned(near, 7) ^ turned(near, 18) ^ (near >>> 3)) + (turned(far, 17) ^ turned(far, 19) ^ (far >>> 10));
    words[i] = words[i - 16]! + words[i - 7]! + mixed;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < BLOCK; i++) {
    const choice = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g));
    const majority = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    const next = (h + choice + ROUNDS[i]! + words[i]!) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + next) | 0, c, b, a, (next + majority) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! += word));
}

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime)) found.push(n);
  return found;
}
