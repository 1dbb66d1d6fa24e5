// Asking for a letter with a link to all of one's requests. The host says the same whether it knows the address or not.

import { h } from "./dom.ts";
import type { Draft } from "./draft.ts";
import { askForLink } from "./net.ts";
import { oneField } from "./one-field.ts";
import type { Shell } from "./shell.ts";

/** What was typed; it outlives the view. */
const draft: Draft = {};

/** The form. */
export function linksForm({ say, site, context }: Shell): HTMLElement {
  const email = { name: "email", label: say("panel-field-email"), type: "email", autocomplete: "email", required: true } as const;
  const ask = () => askForLink(site, draft.email?.trim() ?? "", context.locale());
  const form = oneField(say, draft, email, say("panel-links-submit"), say("panel-links-sent"), ask);
  return h("div", {}, h("p.lead", {}, say("panel-links-hint")), form);
}
