import assert from "node:assert/strict";
import { test } from "node:test";
// @ts-expect-error: plain JavaScript, run by the build
import { texts } from "../fluent.mjs";
import { speaker, type Texts } from "../src/text.ts";

const russian = `
days = Осталось { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}.
digits = { $count ->
    [1] одна цифра
   *[other] { $count } цифр
}
how = { $by ->
    [phone] по телефону
   *[email] по почте
}
shop = Пёс и Кот
welcome = { shop }: { $name }, { "{" }мы тут
`;
const say = speaker(texts(russian, "ru.ftl") as Texts, "ru");

test("russian plurals are said for 1, 2, 5 and 21", () => {
  const said = [1, 2, 5, 21].map((count) => say("days", { count }));
  assert.deepEqual(said, ["Осталось 1 день.", "Осталось 2 дня.", "Осталось 5 дней.", "Осталось 21 день."]);
});

test("an exact number comes before its plural", () => {
  assert.equal(say("digits", { count: 1 }), "одна цифра");
  assert.equal(say("digits", { count: 21 }), "21 цифр");
});

test("words select as numbers do, and an unknown word gets the default", () => {
  assert.equal(say("how", { by: "phone" }), "по телефону");
  assert.equal(say("how", { by: "pigeon" }), "по почте");
});

test("values go in as they are, also where they look like placeholders or patterns", () => {
  assert.equal(say("welcome", { name: "$& {name}" }), "Пёс и Кот: $& {name}, {мы тут");
});

test("a broken file and a selection within a selection are refused with the name of the message", () => {
  assert.throws(() => texts("a = {", "x.ftl"), /x\.ftl/);
  const nested = "a = { $x ->\n   *[other] { $y ->\n       *[other] z\n    }\n}\n";
  assert.throws(() => texts(nested, "x.ftl"), /`a`.*within each other/);
});
