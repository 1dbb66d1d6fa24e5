// What stays in the browser: references and tracking tokens of one's own requests, written only after one was sent.

/** One own request, as remembered. */
export interface Kept {
  reference: string;
  token: string;
  /** Its end has been seen: nothing to show any more. */
  done?: true;
}

/** How many are remembered. */
export const KEPT_AT_MOST = 10;

/** What of `localStorage` is used. */
export type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const place = (site: string) => "porchlight:" + site;

/** One's own requests, newest first; none where the browser forbids or something else wrote there. */
export function recall(site: string, memory?: Memory): Kept[] {
  try {
    const list: unknown = JSON.parse((memory || localStorage).getItem(place(site)) || "[]");
    return Array.isArray(list) ? list.filter((one) => one && one.reference && one.token) : [];
  } catch {
    return [];
  }
}

/** Puts a request first, in place of what was known of it. */
export function remember(site: string, kept: Kept, memory?: Memory): void {
  write(site, [kept, ...recall(site, memory).filter((one) => one.reference !== kept.reference)], memory);
}

/** Notes whether the end of a request has been seen; one that is opened anew has none any more. */
export function settle(site: string, reference: string, done: boolean, memory?: Memory): void {
  const known = recall(site, memory);
  if (!known.some((one) => one.reference === reference && !!one.done !== done)) return;
  const noted = ({ reference, token }: Kept): Kept => (done ? { reference, token, done } : { reference, token });
  write(site, known.map((one) => (one.reference === reference ? noted(one) : one)), memory);
}

/** Forgets a request that the host does not know. */
export function forget(site: string, reference: string, memory?: Memory): void {
  write(site, recall(site, memory).filter((one) => one.reference !== reference), memory);
}

function write(site: string, list: Kept[], memory?: Memory): void {
  try {
    const store = memory || localStorage;
    if (list.length) store.setItem(place(site), JSON.stringify(list.slice(0, KEPT_AT_MOST)));
    else store.removeItem(place(site));
  } catch {
    // A browser that forbids storage forgets on reload; the mailed link still leads to the request.
  }
}
