// The site's settings, which the host writes into the loader in place of its one placeholder.

/** A language with a complete set of texts. */
export type Locale = "en" | "ru" | "bg";

/** What the loader has to know of its site without asking. */
export interface Settings {
  /** Key of the site. */
  site: string;
  /** What the business is called. */
  name: string;
  /** Origin of the host, without a slash at its end. */
  host: string;
  /** Language of the site. */
  locale: Locale;
  /** The owner's colour, `#rrggbb`. */
  accent: string;
  /** Side of the window that the launcher stands on. */
  side: "left" | "right";
  /** Paths of the chunks below `host`. */
  assets: { panel: string; proof: string; talk: Record<Locale, string>; texts: Record<Locale, string> };
  /** The launcher's words. */
  launcher: Record<Locale, string>;
}

const LOCALES = ["en", "ru", "bg"];

/** The language of a BCP 47 tag such as `bg-BG`; none where there are no texts in it. */
export function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = (tag || "").toLowerCase().split(/[-_]/)[0]!;
  return LOCALES.indexOf(language) < 0 ? undefined : (language as Locale);
}

/** The page's language where there are texts in it, else the browser's, else the site's. */
export function chooseLocale(page: string | null, browser: readonly string[], site: Locale): Locale {
  return [page, ...browser].map(localeOf).find(Boolean) || site;
}

/** Address of the hosted page, which works in any browser. */
export function hostedPage(settings: Settings): string {
  return settings.host + "/c/" + settings.site;
}
