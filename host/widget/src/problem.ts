// What a failed call means to the person at the form. Pure.

import type { Problem } from "./net.ts";
import type { Say } from "./text.ts";

/** What to say where. */
export interface Complaint {
  /** By field name. */
  fields: Record<string, string>;
  /** What belongs to no field, or to none that is shown; may be empty. */
  general: string;
  /** Whether the same may be sent again as it is. */
  retry: boolean;
}

/** Sorts a problem into the fields that are shown and a general sentence. */
export function complaint(problem: Problem, shown: string[], say: Say): Complaint {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  for (const { pointer = "", message } of problem.errors) {
    const name = pointer.split("/")[1] ?? "";
    if (!shown.includes(name)) rest.push(message);
    else fields[name] ??= message;
  }
  const count = Object.keys(fields).length;
  const general = rest.join(" ") || (count ? several(count, say) : sentence(problem, say));
  return { fields, general, retry: !count && !rest.length && isPassing(problem.status) };
}

/** A single field says all there is to say; of several only the first can have the focus. */
function several(count: number, say: Say): string {
  return count > 1 ? say("panel-error-fields") : "";
}

/** A problem as one sentence. */
export function sentence(problem: Problem, say: Say): string {
  const { status, detail, retryAfter } = problem;
  if (!status) return say("panel-error-network");
  if (status === 429) return say("panel-error-busy", { count: Math.max(1, Math.ceil((retryAfter ?? 60) / 60)) });
  if (status >= 500) return say("panel-error-server");
  return detail || say("panel-error-server");
}

const isPassing = (status: number) => !status || status === 429 || status >= 500;
