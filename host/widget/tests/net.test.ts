import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { changeRequest, fetchOffer, followRequest, postToRequest, readRequest, sendFile, submitRequest, type Problem } from "../src/net.ts";

/** Runs against a host that answers like this. */
async function against(answer: RequestListener, run: (host: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
const refusal = (call: Promise<unknown>) => call.then(() => assert.fail("answered"), (problem: Problem) => problem);

test("a submission carries its key and its body as they are", async () => {
  let seen: unknown;
  await against(
    async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      seen = [request.method, request.url, request.headers["idempotency-key"], body];
      response.writeHead(201).end('{"reference":"PS-1"}');
    },
    async (host) => {
      assert.deepEqual(await submitRequest(host + "/v1/sites/s", "k", '{"a":1}', "ru"), { reference: "PS-1" });
    },
  );
  assert.deepEqual(seen, ["POST", "/v1/sites/s/requests", "k", '{"a":1}']);
});

test("an offer is asked for with page, language and zone", async () => {
  await against(
    (request, response) => response.end(JSON.stringify({ url: request.url })),
    async (host) => {
      const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
      const offer: unknown = await fetchOffer(host, { locale: "ru", page: "https://a.example/b?c=d&e" });
      const page = "https%3A%2F%2Fa.example%2Fb%3Fc%3Dd%26e";
      assert.deepEqual(offer, { url: `/offer?locale=ru&page=${page}&time_zone=${zone}` });
    },
  );
});

test("one's own request is asked for by its token, in the visitor's language", async () => {
  await against(
    ({ headers }, response) => response.end(JSON.stringify([headers.authorization, headers["accept-language"]])),
    async (host) => {
      const seen: unknown = await readRequest({ host, token: "t", locale: "bg" });
      assert.deepEqual(seen, ["Bearer t", "bg"]);
    },
  );
});

test("a file's name travels in a header, as its bytes, and not in the address", async () => {
  await against(
    ({ url, headers }, response) => response.end(JSON.stringify([url, headers["content-type"]])),
    async (host) => {
      const file = new File(["x"], "Будка (1)*'.jpg", { type: "image/jpeg" });
      const name = "%D0%91%D1%83%D0%B4%D0%BA%D0%B0%20%281%29%2a%27.jpg";
      const seen = await sendFile({ host, token: "t", locale: "ru" }, file, "k");
      assert.deepEqual(seen, ["/v1/request/attachments", "image/jpeg; name*=UTF-8''" + name]);
    },
  );
});

test("a refusal keeps status, fields and when to come back", async () => {
  const errors = [{ pointer: "/phone", message: "too short" }];
  await against(
    (_, response) => response.writeHead(429, { "retry-after": "90" }).end(JSON.stringify({ title: "d", errors })),
    async (host) => {
      assert.deepEqual(await refusal(readRequest({ host, token: "t", locale: "ru" })), { status: 429, detail: "d", errors, retryAfter: 90 });
    },
  );
});

test("a gateway's own page is a refusal without details", async () => {
  await against(
    (_, response) => response.writeHead(502).end("<html>bad gateway"),
    async (host) => assert.deepEqual(await refusal(readRequest({ host, token: "t", locale: "ru" })), { status: 502, errors: [] }),
  );
});

test("a lost connection, a torn answer and a login page are no answer", async () => {
  const nobody = { status: 0, errors: [] };
  await against(
    (request) => request.socket.destroy(),
    async (host) => assert.deepEqual(await refusal(readRequest({ host, token: "t", locale: "ru" })), nobody),
  );
  await against(
    (_, response) => response.writeHead(200, { "content-length": "99" }).end('{"a":', () => response.socket?.destroy()),
    async (host) => assert.deepEqual(await refusal(readRequest({ host, token: "t", locale: "ru" })), nobody),
  );
  await against(
    (_, response) => response.end("<html>please log in"),
    async (host) => assert.deepEqual(await refusal(readRequest({ host, token: "t", locale: "ru" })), nobody),
  );
});

test("a change without a body in its answer is a change", async () => {
  await against(
    (_, response) => response.writeHead(204).end(),
    async (host) => assert.deepEqual(await changeRequest({ host, token: "t", locale: "ru" }, { status: "cancelled" }), {}),
  );
});

test("a stream is heard event by event, however it is cut into pieces", async () => {
  const pieces = [':\n\nid: 1\nevent: request\nda', 'ta: {"status":"re', 'ceived"}\n\n', ':\n\nevent: gone\ndata: {}\n\n', "id: 9\nda"];
  let seen: unknown;
  const heard: unknown[] = [];
  await against(
    async ({ headers }, response) => {
      seen = [headers.authorization, headers["last-event-id"]];
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((done) => setTimeout(done, 5));
      }
      response.end();
    },
    (host) => followRequest({ host, token: "t", locale: "ru" }, "7", (said) => heard.push(said), new AbortController().signal),
  );
  assert.deepEqual(seen, ["Bearer t", "7"]);
  assert.deepEqual(heard, [undefined, { id: "1", request: { status: "received" } }, undefined, { id: "" }]);
});

test("an entry is added under its key", async () => {
  let seen: unknown;
  await against(
    async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      seen = [request.method, request.url, request.headers["idempotency-key"], body];
      response.writeHead(201).end("{}");
    },
    async (host) => void (await postToRequest({ host, token: "t", locale: "ru" }, "entries", { text: "a" }, "k")),
  );
  assert.deepEqual(seen, ["POST", "/v1/request/entries", "k", '{"text":"a"}']);
});
