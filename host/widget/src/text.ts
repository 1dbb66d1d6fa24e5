// Texts in the visitor's language. The build turns the Fluent files into plain records (see `fluent.mjs`).

/** A sentence with `{name}` for its arguments, or one per variant of the argument named by `by`. */
export type Text = string | { by: string; else: string; [variant: string]: string };

/** All texts of one language, by id. */
export type Texts = Record<string, Text>;

/** Says a text by its id. */
export type Say = (id: string, values?: Record<string, string | number>) => string;

/** The texts of a language, ready to be said. An id without a text is said as it is: the build refuses to let that happen. */
export function speaker(texts: Texts, locale: string): Say {
  const plural = new Intl.PluralRules(locale);
  return (id, values = {}) => {
    const text = texts[id] ?? id;
    const sentence = typeof text === "string" ? text : variant(text, values[text.by], plural);
    return sentence.replace(/\{([\w-]+)\}/g, (_, name: string) => String(values[name] ?? ""));
  };
}

function variant(text: Exclude<Text, string>, value: string | number | undefined, plural: Intl.PluralRules): string {
  if (typeof value !== "number") return text[value ?? "else"] ?? text.else;
  return text["=" + value] ?? text[plural.select(value)] ?? text.else;
}
