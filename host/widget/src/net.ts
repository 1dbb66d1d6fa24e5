// The only file that speaks to the network.

import type { Answer, Challenge, FieldError, Offer, OwnRequest, Receipt } from "./wire.ts";

/** Why a call brought no answer. `status` is HTTP's, or 0 where nobody answered. */
export interface Problem {
  status: number;
  /** What kind of problem, where the host itself said so: `urn:porchlight:error:unknown-request`. */
  type?: string;
  /** The host's own sentence. */
  detail?: string;
  errors: FieldError[];
  /** A proof of work without which the host does not take it. */
  challenge?: Challenge;
  /** Seconds after which to try again, where the host said so. */
  retryAfter?: number;
}

const PATIENCE_MS = 20_000;
const FILE_PATIENCE_MS = 120_000;

/** Calls the host and gives the JSON of its answer; whatever else happens is thrown as a `Problem`. */
async function call<T>(url: string, init: RequestInit = {}, patience = PATIENCE_MS): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  let response: Response | undefined;
  let body: unknown;
  try {
    response = await fetch(url, { ...init, credentials: "omit", signal: stop.signal });
    const text = await response.text();
    body = text ? JSON.parse(text) : {};
  } catch {
    // An answer that breaks off, or is not the host's JSON, is as good as none: the caller may ask again.
    if (!response || response.ok) throw { status: 0, errors: [] } satisfies Problem;
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) throw problem(response, body as Refusal | undefined);
  return body as T;
}

/** A problem as the host writes it (RFC 9457). */
interface Refusal {
  type?: string;
  title?: string;
  errors?: FieldError[];
  challenge?: Challenge;
}

function problem(response: Response, body: Refusal = {}): Problem {
  const { type, title: detail, errors = [], challenge } = body;
  const retryAfter = Number(response.headers.get("retry-after")) || 0;
  const given = Object.entries({ type, detail, challenge, retryAfter }).filter(([, value]) => value);
  return { status: response.status, errors, ...Object.fromEntries(given) };
}

/** What a page and its visitor tell when they ask for an offer. */
export interface Asking {
  locale: string;
  page?: string | undefined;
}

/** Asks for the offer of one page. */
export function fetchOffer(site: string, { locale, page }: Asking): Promise<Offer> {
  const query = new URLSearchParams({ locale });
  if (page) query.set("page", page);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) query.set("time_zone", zone);
  return call(site + "/offer?" + query);
}

/** Searches the site's answers. */
export async function searchAnswers(site: string, q: string, locale: string): Promise<Answer[]> {
  const found = await call<{ answers: Answer[] }>(site + "/answers?" + new URLSearchParams({ q, locale }));
  return found.answers;
}

/** Says whether an answer helped. */
export function sayHelped(site: string, id: string, helped: boolean): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return call(site + "/answers/" + id + "/feedback", { method: "POST", headers, body: JSON.stringify({ helped }) });
}

/** Submits a request; the same key and body may be sent again and again. */
export function submitRequest(site: string, key: string, body: string, locale: string): Promise<Receipt> {
  const headers = { "accept-language": locale, "content-type": "application/json", "idempotency-key": key };
  return call(site + "/requests", { method: "POST", headers, body });
}

/** A request of one's own, and the language it is spoken of in. */
export interface Access {
  host: string;
  token: string;
  locale: string;
}

/** Reads one's own request. */
export function readRequest(access: Access): Promise<OwnRequest> {
  return call(access.host + "/v1/request", { headers: bearer(access) });
}

/** Changes one's own request: its slot, the way to be answered, or cancels it. */
export function changeRequest(access: Access, change: object): Promise<unknown> {
  const headers = { ...bearer(access), "content-type": "application/json" };
  return call(access.host + "/v1/request", { method: "PATCH", headers, body: JSON.stringify(change) });
}

/** Adds to one's own request: an entry, a rating. The same key adds an entry once. */
export function postToRequest(access: Access, what: "entries" | "rating", body: object, key?: string): Promise<OwnRequest> {
  const headers = { ...bearer(access), "content-type": "application/json", ...(key ? { "idempotency-key": key } : {}) };
  return call(access.host + "/v1/request/" + what, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Adds a file to one's own request. The same key adds it once. */
export function sendFile(access: Access, file: File, key: string): Promise<unknown> {
  // RFC 8187, section 3.2.1: these four are to be written as their bytes too.
  const name = encodeURIComponent(file.name).replace(/['()*]/g, (c) => "%" + c.charCodeAt(0).toString(16));
  const type = (file.type || "application/octet-stream") + "; name*=UTF-8''" + name;
  const headers = { ...bearer(access), "content-type": type, "idempotency-key": key };
  return call(access.host + "/v1/request/attachments", { method: "POST", headers, body: file }, FILE_PATIENCE_MS);
}

/** Asks for a letter with a link to all requests of an address. The answer is the same whether it is known or not. */
export function askForLink(site: string, email: string, locale: string): Promise<unknown> {
  const headers = { "accept-language": locale, "content-type": "application/json" };
  return call(site + "/links", { method: "POST", headers, body: JSON.stringify({ email, locale }) });
}

/** A file that belongs to one's own request: `calendar`, which puts a booked call into one's own, or `attachments/…`. */
export async function readFile(access: Access, what: string): Promise<Blob> {
  const response = await fetch(access.host + "/v1/request/" + what, { headers: bearer(access), credentials: "omit" });
  if (!response.ok) throw { status: response.status, errors: [] } satisfies Problem;
  return response.blob();
}

/** Something that a stream said; without a request it is gone. */
export interface Said {
  id: string;
  request?: OwnRequest;
}

/**
 * Follows one's own request until the stream ends, as server-sent events: `hear` is told how it stands whenever that has changed
 * since `last`, and nothing where the host only shows that it is there.
 */
export async function followRequest(
  access: Access,
  last: string | undefined,
  hear: (said?: Said) => void,
  stop: AbortSignal,
): Promise<void> {
  const headers = { ...bearer(access), ...(last ? { "last-event-id": last } : {}) };
  const response = await fetch(access.host + "/v1/request/events", { headers, credentials: "omit", signal: stop });
  if (!response.ok || !response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const events = (unread + piece.value).split("\n\n");
    unread = events.pop()!;
    for (const event of events) hear(read(event));
  }
}

function read(event: string): Said | undefined {
  const field = (name: string) => event.split("\n").find((line) => line.startsWith(name))?.slice(name.length);
  if (field("event: ") === "gone") return { id: "" };
  const data = field("data: ");
  return data ? { id: field("id: ") ?? "", request: JSON.parse(data) } : undefined;
}

function bearer({ token, locale }: Access): Record<string, string> {
  return { authorization: "Bearer " + token, "accept-language": locale };
}
