// One's own request: where it stands, what was said, and what can still be changed.

import { changes } from "./changes.ts";
import type { Talk } from "./context.ts";
import { fill, h, type Child } from "./dom.ts";
import { alertLine } from "./form.ts";
import type { Problem } from "./net.ts";
import { isFinal, isUnknown } from "./own.ts";
import { sentence } from "./problem.ts";
import type { Shell, View } from "./shell.ts";
import { daysAhead, moment, momentBy, timeIn } from "./time.ts";
import type { Attachment, OwnRequest, Status } from "./wire.ts";

const STEP: Record<Status, string> = {
  received: "panel-status-received",
  accepted: "panel-status-accepted",
  "in-progress": "panel-status-in-progress",
  resolved: "panel-status-resolved",
  cancelled: "panel-status-cancelled",
};

/** The view of one request. It shows what is known at once, and then what the host says, as long as it is looked at. */
export function statusOf(reference: string): View {
  const view: View = (shell) => {
    const { say, own } = shell;
    const promise = h("span");
    const story = h("div");
    const talkPlace = h("div");
    const changePlace = h("div");
    const body = h("div", {}, story, talkPlace, changePlace);
    const known = own.find(reference);
    let talk: Talk | undefined;
    let shown: OwnRequest | undefined;

    function draw(request: OwnRequest) {
      own.heard(request);
      if (JSON.stringify(shown) === JSON.stringify(request)) return;
      const before = shown;
      shown = request;
      const said = promised(shell, request);
      fill(promise, said && " · " + said);
      fill(story, track(shell, request), conversation(shell, request, (file) => talk?.download(file)));
      if (changeable(before) !== changeable(request)) fill(changePlace, !isFinal(request) && changes(shell, request, patch));
      talk?.show(request);
      own.seen(request);
    }

    async function read() {
      try {
        draw(await own.read(known!));
        if (!talk) await converse();
      } catch (problem) {
        if (!shown || isUnknown(problem as Problem)) fail(problem as Problem);
      }
    }

    /** Where its chunk does not come the request is shown all the same; it is asked for again at the next look. */
    async function converse() {
      const chunk = await shell.context.talk().catch(() => undefined);
      if (!chunk || !body.isConnected) return;
      const isWanted = () => body.isConnected && shell.isShown(view);
      talk = chunk.createTalk({ shell, access: own.access(known!), reference, see: draw, gone: read, isWanted });
      fill(talkPlace, talk.element);
      talk.show(shown!);
    }

    function fail(problem: Problem) {
      const gone = isUnknown(problem);
      const message = gone ? say("panel-error-gone") : sentence(problem, say);
      fill(talkPlace);
      fill(changePlace);
      fill(story, h("section", {}, alertLine(say, message, gone ? undefined : read)));
    }

    async function patch(change: object) {
      await own.change(known!, change);
      await read();
      const saved = h("p", { role: "status", tabindex: -1 }, say("panel-saved"));
      story.prepend(h("section", {}, saved));
      saved.focus();
    }

    if (!known) fail({ status: 404, errors: [] });
    else {
      fill(story, h("p.hint.wait", { role: "status" }, say("panel-loading")));
      if (known.request) draw(known.request);
      read();
    }
    return { title: say("panel-status-title"), about: [h("span.ref", {}, reference), promise], body: [body] };
  };
  return view;
}

/** What the ways to change a request depend on: they are drawn anew where it is another, and left alone where not. */
function changeable(request: OwnRequest | undefined): string | undefined {
  return request && [request.status, request.slot, request.reply_by].join();
}

function promised(shell: Shell, { status, slot, expected_reply }: OwnRequest): string {
  const { say } = shell;
  if (status === "cancelled" || status === "resolved") return say(STEP[status]);
  if (!expected_reply) return "";
  if (slot && slot === expected_reply.by) return say("panel-status-call", { moment: moment(shell.when(), slot) });
  return say("panel-replies", { text: expected_reply.text });
}

function track(shell: Shell, { steps, slot, expected_reply }: OwnRequest): HTMLElement {
  const { say } = shell;
  const when = shell.when();
  const next = steps.find((step) => !step.at);
  const due = (at: string) => (slot && slot === expected_reply?.by ? moment(when, at) : say("panel-status-due", { moment: momentBy(when, at) }));
  const item = (step: OwnRequest["steps"][number]) => {
    const note = step.at ? moment(when, step.at) : step.due && due(step.due);
    const place = step.at ? "li.done." + step.status : step === next ? "li.now" : "li";
    return h(place, step === next ? { "aria-current": "step" } : {}, say(STEP[step.status]), note && h("small", {}, note));
  };
  return h("section", {}, h("ul.track", {}, ...steps.map(item)));
}

function conversation(shell: Shell, { entries }: OwnRequest, download: (file: Attachment) => void): Child {
  const { say } = shell;
  const file = (file: Attachment) => h("button.link", { type: "button", onclick: () => download(file) }, file.name);
  const when = shell.when();
  const bubble = ({ from, at, text, attachments = [] }: OwnRequest["entries"][number]) => {
    const isMine = from === "requester";
    const time = daysAhead(when, at) ? moment(when, at) : timeIn(when.zone, at, when.locale);
    const who = say(isMine ? "panel-you" : "panel-business");
    return h(isMine ? "div.bubble.me" : "div.bubble", {}, text, ...attachments.map(file), h("small", {}, who + ", " + time));
  };
  return entries.length > 0 && h("section", {}, ...entries.map(bubble));
}
