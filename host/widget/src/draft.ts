// What was typed and not yet kept by the host. Lives in memory: it survives closing the panel, not the page.

/** What a visitor typed into one form, by field. */
export type Draft = Record<string, string>;

/** One submission on its way, to be repeated byte for byte until somebody answers. */
export interface Attempt {
  key: string;
  body: string;
  typed: string;
}

/**
 * The attempt to send: the last one again as long as the visitor changed nothing, so that a submission whose answer got lost
 * is recognised by its key; else a new one. `envelope` is what the visitor does not see (form token, page).
 */
export function attempt(last: Attempt | undefined, typed: object, envelope: object, newKey: () => string): Attempt {
  const now = JSON.stringify(typed);
  if (last && last.typed === now) return last;
  return { key: newKey(), body: JSON.stringify({ ...typed, ...envelope }), typed: now };
}

/** Whether an answer says for certain that nothing was kept and that the same body never will be. */
export function isRefused(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 408;
}

/** A key that nobody else draws. Works on pages without TLS, where `randomUUID` is missing. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
