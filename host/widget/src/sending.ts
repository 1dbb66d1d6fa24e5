// Sending a request, and what the host may ask for on the way: a fresh form, a proof of work. Its visitor sees none of that.

import { submitRequest, type Problem } from "./net.ts";
import type { Shell } from "./shell.ts";
import type { Kind, Receipt } from "./wire.ts";

/** Gives the fields that answer what the host asks for; none where it asks for something else. */
type Answer = (shell: Shell, problem: Problem) => Promise<object | undefined>;

/** Sends the attempt of a form. What the host asks for is added to it, each thing once, under the same key: nothing was kept. */
export async function send(shell: Shell, kind: Kind): Promise<Receipt> {
  const answers = [freshForm, proofOfWork];
  for (;;) {
    const sent = shell.attempts[kind]!;
    try {
      return await submitRequest(shell.site, sent.key, sent.body, shell.context.locale());
    } catch (problem) {
      const fields = await firstAnswer(answers, shell, problem as Problem);
      if (!fields) throw problem;
      shell.attempts[kind] = { ...sent, body: JSON.stringify({ ...JSON.parse(sent.body), ...fields }) };
    }
  }
}

async function firstAnswer(answers: Answer[], shell: Shell, problem: Problem): Promise<object | undefined> {
  for (const answer of answers) {
    const fields = await answer(shell, problem);
    if (fields) answers.splice(answers.indexOf(answer), 1);
    if (fields) return fields;
  }
  return undefined;
}

/** The form stood open for too long, or another request was sent by it. */
async function freshForm(shell: Shell, { errors }: Problem): Promise<object | undefined> {
  if (!errors.some(({ pointer }) => pointer === "/form_token")) return undefined;
  await shell.renew();
  return { form_token: shell.offer.form_token };
}

async function proofOfWork({ context }: Shell, { challenge }: Problem): Promise<object | undefined> {
  if (!challenge) return undefined;
  try {
    return { proof: await (await context.proof()).solve(challenge) };
  } catch {
    // The chunk did not come: as good as no answer, the caller may try again.
    throw { status: 0, errors: [] } satisfies Problem;
  }
}
