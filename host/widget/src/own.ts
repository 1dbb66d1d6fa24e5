// One's own requests: what is remembered of them in the browser and what the host last said.

import type { Context } from "./context.ts";
import { forget, recall, remember, settle, type Kept } from "./kept.ts";
import { changeRequest, readRequest, type Access, type Problem } from "./net.ts";
import type { Kind, OwnRequest, Receipt } from "./wire.ts";

/** A request that is remembered, with its state if the host has told it. */
export interface Known extends Kept {
  request?: OwnRequest;
}

/** One's own requests. */
export interface Own {
  /** Those whose end was not seen yet, newest first. */
  list(): Known[];
  find(reference: string): Known | undefined;
  /** Asks the host about one. One that it does not know is forgotten; every problem is thrown on. */
  read(kept: Kept): Promise<OwnRequest>;
  /** Asks for a change of one; every problem is thrown on. */
  change(kept: Kept, change: object): Promise<unknown>;
  /** Keeps what was just sent, and says what can be known of it before the host is asked. */
  add(receipt: Receipt, kind: Kind, text: string | undefined, slot: string | undefined, at: string): Known;
  /** How the host is asked about one. */
  access(kept: Kept): Access;
  /** The host said by itself how one stands. */
  heard(request: OwnRequest): void;
  /** It was shown as it stands: one whose end was seen is not offered again, unless it is opened anew. */
  seen(request: OwnRequest): void;
}

/** Whether nothing more is expected to happen. */
export function isFinal({ status }: OwnRequest): boolean {
  return status === "resolved" || status === "cancelled";
}

/** Own requests of a site. */
export function ownRequests({ settings: { site, host }, locale }: Context): Own {
  const access = ({ token }: Kept): Access => ({ host, token, locale: locale() });
  const known: Record<string, OwnRequest> = {};
  const withState = (kept: Kept): Known => {
    const request = known[kept.reference];
    return request ? { ...kept, request } : kept;
  };
  return {
    list: () => recall(site).filter((kept) => !kept.done).map(withState),
    find: (reference) => recall(site).filter((kept) => kept.reference === reference).map(withState)[0],
    async read(kept) {
      const { reference } = kept;
      try {
        return (known[reference] = await readRequest(access(kept)));
      } catch (problem) {
        if (isUnknown(problem as Problem)) forget(site, reference);
        throw problem;
      }
    },
    access,
    heard: (request) => void (known[request.reference] = request),
    change: (kept, change) => changeRequest(access(kept), change),
    add({ reference, tracking_token: token, status, expected_reply }, kind, text, slot, at) {
      remember(site, { reference, token });
      const entries = text ? [{ from: "requester", at, text }] : [];
      const steps: OwnRequest["steps"] = [{ status, at }];
      known[reference] = {
        ...{ reference, kind, status, steps, entries },
        ...(slot ? { slot } : {}),
        ...(expected_reply ? { expected_reply } : {}),
      };
      return withState({ reference, token });
    },
    seen: (request) => settle(site, request.reference, isFinal(request)),
  };
}

/** Whether the host says that there is no such request, or none for this token. */
export function isUnknown({ type = "" }: Problem): boolean {
  return /:(unauthorized|unknown-request)$/.test(type);
}
