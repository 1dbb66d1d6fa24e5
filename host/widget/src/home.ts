// The first view: how to reach us, when we answer, what can be solved alone. One's own requests stand above all.

import { availabilityLine, channelHours } from "./availability.ts";
import { callbackForm, messageForm } from "./forms.ts";
import { drawing, fill, h, linkTo } from "./dom.ts";
import { CHANNEL_DRAWINGS, OTHER_DRAWING } from "./drawings.ts";
import { alertLine } from "./form.ts";
import type { Known } from "./own.ts";
import { selfHelp } from "./self-help.ts";
import type { Screen, Shell } from "./shell.ts";
import { statusOf } from "./status.ts";
import { moment } from "./time.ts";
import type { Channel } from "./wire.ts";

/** The first view. */
export function home(shell: Shell): Screen {
  const { offer, say } = shell;
  return {
    title: offer.site.name,
    about: availabilityLine(shell),
    body: [
      strips(shell),
      ...offer.notices.map((notice) => h("p.notice." + (notice.level === "warning" ? "warning" : "info"), {}, notice.text)),
      h(
        "section",
        {},
        offer.channels.length > 0 && h("h3", {}, say("panel-reach-heading")),
        h("ul", {}, ...offer.channels.map((channel) => h("li", {}, channelLink(shell, channel)))),
        actions(shell),
      ),
      selfHelp(shell),
      h("section", {}, h("button.link", { type: "button", onclick: () => shell.show(allRequests) }, say("panel-links"))),
    ],
  };
}

/** A letter with a link to all of one's requests; the form comes with the chunk that goes on about them. */
function allRequests(shell: Shell): Screen {
  const { say } = shell;
  const place = h("section");
  const load = () => {
    const failed = () => fill(place, alertLine(say, say("panel-error-network"), load));
    shell.context.talk().then((chunk) => fill(place, chunk.linksForm(shell)), failed);
  };
  load();
  return { title: say("panel-links-title"), body: [place] };
}

/** One's own open requests: at once from memory, then as the host knows them. */
function strips(shell: Shell): HTMLElement {
  const { own } = shell;
  const box = h("div");
  const draw = () => fill(box, ...own.list().map((known) => strip(shell, known)));
  draw();
  for (const known of own.list()) own.read(known).then(draw, draw);
  return box;
}

function strip(shell: Shell, { reference, request }: Known): HTMLElement {
  const open = () => shell.show(statusOf(reference));
  return h("button.mine", { type: "button", onclick: open }, h("span", {}, summary(shell, request)), h("b", {}, reference));
}

function summary(shell: Shell, request: Known["request"]): string {
  const { say } = shell;
  if (!request) return say("panel-status-title");
  if (request.slot && request.status !== "cancelled") {
    return say("panel-status-call", { moment: moment(shell.when(), request.slot) });
  }
  return say(request.kind === "message" ? "panel-status-message" : "panel-status-title");
}

function channelLink(shell: Shell, channel: Channel): HTMLElement {
  const { kind, label, value, href, availability, expected_reply } = channel;
  const reply = expected_reply && shell.say("panel-replies", { text: expected_reply.text });
  const shown = kind === "phone" || kind === "sms" ? [value, reply] : [reply || value];
  return h(
    "a.channel." + availability.state,
    linkTo(href),
    drawing(CHANNEL_DRAWINGS[kind] || OTHER_DRAWING),
    h("strong", {}, label),
    h("span.when", {}, channelHours(shell, availability)),
    h("span", {}, shown.filter(Boolean).join(" · ")),
  );
}

/** In the day the callback comes first, after hours the message. */
function actions(shell: Shell): HTMLElement | undefined {
  const { say, offer } = shell;
  const isOpen = offer.availability.state === "open";
  const call = offer.forms.callback && { words: say("panel-action-callback"), view: callbackForm };
  const write = offer.forms.message && {
    words: say(isOpen ? "panel-action-message" : "panel-action-message-closed"),
    view: messageForm,
  };
  const both = (isOpen ? [call, write] : [write, call]).filter((action) => !!action);
  return h("div.actions", {}, ...both.map(({ words, view }, i) =>
    h("button.btn" + (i ? ".quiet" : ""), { type: "button", onclick: () => shell.show(view) }, words),
  ));
}
