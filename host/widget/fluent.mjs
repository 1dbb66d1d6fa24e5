// Turns Fluent files into the plain records of `src/text.ts`, so that no Fluent runtime goes to the browser.
//
// Understood: text, placeables of `$variables` and literals, references to other messages, and one selection a message (a
// plural, or literal keys). Anything else is an error that names the message.

import { parse } from "@fluent/syntax";

/** The texts of one file, by id. */
export function texts(source, file) {
  const messages = new Map();
  for (const entry of parse(source, {}).body) {
    if (entry.type === "Junk") throw new Error(`${file}: ${entry.annotations[0]?.message}: ${entry.content.trim()}`);
    if (entry.type === "Message" && entry.value) messages.set(entry.id.name, entry.value);
  }
  const text = (id) => {
    try {
      return flatten(variants(messages.get(id), messages));
    } catch (error) {
      throw new Error(`${file}: \`${id}\`: ${error.message}`);
    }
  };
  return Object.fromEntries([...messages.keys()].map((id) => [id, text(id)]));
}

/** A pattern as its sentences: by variant, or under "" where it has none. */
function variants(pattern, messages) {
  let all = { by: undefined, sentences: { "": "" } };
  for (const element of pattern.elements) {
    all = joined(all, element.type === "TextElement" ? plain(element.value) : placed(element.expression, messages));
  }
  return all;
}

const plain = (sentence) => ({ by: undefined, sentences: { "": sentence } });

function placed(expression, messages) {
  switch (expression.type) {
    case "VariableReference":
      return plain(`{${expression.id.name}}`);
    case "StringLiteral":
    case "NumberLiteral":
      return plain(expression.value);
    case "MessageReference":
      return variants(messages.get(expression.id.name), messages);
    case "SelectExpression":
      return selected(expression, messages);
    default:
      throw new Error(`${expression.type} is not understood`);
  }
}

function selected({ selector, variants: choices }, messages) {
  if (selector.type !== "VariableReference") throw new Error("only a variable can be selected by");
  const sentences = {};
  for (const { key, value, default: isElse } of choices) {
    const inner = variants(value, messages);
    if (inner.by) throw new Error("selections cannot stand within each other");
    const name = key.type === "Identifier" ? key.name : "=" + key.value;
    if (!isElse || name !== "other") sentences[name] = inner.sentences[""];
    if (isElse) sentences.else = inner.sentences[""];
  }
  return { by: selector.id.name, sentences };
}

function joined(left, right) {
  if (left.by && right.by) throw new Error("only one selection a message");
  const sentences = {};
  for (const [l, before] of Object.entries(left.sentences)) {
    for (const [r, after] of Object.entries(right.sentences)) sentences[l || r] = before + after;
  }
  return { by: left.by ?? right.by, sentences };
}

const flatten = ({ by, sentences }) => (by ? { by, ...sentences } : sentences[""]);
