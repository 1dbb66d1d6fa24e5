import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { send } from "../src/sending.ts";
import type { Shell } from "../src/shell.ts";

/** A host that gives these answers one after the other, and what it was sent. */
async function against(answers: [number, object][], run: (shell: Shell) => Promise<void>): Promise<{ key: unknown; body: unknown }[]> {
  const seen: { key: unknown; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    seen.push({ key: request.headers["idempotency-key"], body: JSON.parse(body) });
    const [status, answer] = answers[seen.length - 1] ?? [500, {}];
    response.writeHead(status).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const shell = {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attempts: { message: { key: "k", body: '{"text":"?","form_token":"old"}', typed: "" } },
    offer: { form_token: "old" },
    renew: async () => void (shell.offer.form_token += "er"),
    context: { locale: () => "ru", proof: async () => ({ solve: async ({ salt }: { salt: string }) => "solved " + salt }) },
  };
  try {
    await run(shell as unknown as Shell);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  return seen;
}

const used = { errors: [{ pointer: "/form_token", code: "form-used", message: "!" }] };
const unproven = (salt: string) => ({ errors: [{ pointer: "/proof", code: "proof-required", message: "!" }], challenge: { salt } });

test("a used form is renewed and a proof given, each once and under the same key", async () => {
  const seen = await against([[422, used], [422, unproven("a")], [201, { reference: "PS-1" }]], async (shell) => {
    assert.deepEqual(await send(shell, "message"), { reference: "PS-1" });
  });
  assert.deepEqual(seen, [
    { key: "k", body: { text: "?", form_token: "old" } },
    { key: "k", body: { text: "?", form_token: "older" } },
    { key: "k", body: { text: "?", form_token: "older", proof: "solved a" } },
  ]);
});

test("who asks for the same again is told to the visitor", async () => {
  for (const again of [used, unproven("a")]) {
    const seen = await against([[422, again], [422, again]], async (shell) => {
      await assert.rejects(send(shell, "message"), { status: 422 });
    });
    assert.equal(seen.length, 2);
  }
});

test("what was added stays with the attempt, so that a lost answer is asked for with the same bytes", async () => {
  const seen = await against([[422, unproven("a")], [503, {}], [201, {}]], async (shell) => {
    await assert.rejects(send(shell, "message"), { status: 503 });
    await send(shell, "message");
  });
  assert.deepEqual(seen[2], seen[1]);
});

test("other refusals are left to the form", async () => {
  const seen = await against([[422, { errors: [{ pointer: "/text", message: "!" }] }]], async (shell) => {
    await assert.rejects(send(shell, "message"), { status: 422 });
  });
  assert.equal(seen.length, 1);
});

test("a solver that does not come is no answer, and may be asked again", async () => {
  await against([[422, unproven("a")]], async (shell) => {
    shell.context.proof = () => Promise.reject(new TypeError("not loaded"));
    await assert.rejects(send(shell, "message"), { status: 0, errors: [] });
  });
});
