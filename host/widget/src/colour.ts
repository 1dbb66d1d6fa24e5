// The owner's colour, and what has to be done to it so that words stay readable (WCAG 2.2, 1.4.3 and 1.4.11).

type Rgb = [number, number, number];

/** What the style sheets need of one accent on one paper. */
export interface Tones {
  /** Fills of buttons and chosen chips: at least 3:1 on paper. */
  accent: string;
  /** Words on that fill: at least 4.5:1. */
  onAccent: string;
  /** Words in the accent, on paper and on `soft`: at least 4.5:1. */
  accentText: string;
  /** A tint for strips, quiet buttons and bubbles. */
  soft: string;
}

/** The two papers of `panel.css`. */
export const PAPERS = { light: "#fffdfa", dark: "#1b1815" };

const parse = (colour: string): Rgb => {
  const digits = /^#[\da-f]{6}$/i.test(colour) ? colour : "#b4530a";
  return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16)) as Rgb;
};
const write = (colour: Rgb) => "#" + colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever reads better on a colour; that is always 4.5:1 or more. */
export function onColour(colour: string): string {
  return luminance(parse(colour)) > 0.179 ? "#000000" : "#ffffff";
}

/** Moves a colour towards black or white, keeping its hue, until it stands out enough from a background. */
function until(colour: Rgb, background: Rgb, ratio: number): Rgb {
  const away = luminance(background) > 0.5 ? 0 : 1;
  const [hue, saturation, start] = toHsl(colour);
  let lightness = start;
  let tried = colour;
  while (contrast(write(tried), write(background)) < ratio && Math.abs(lightness - away) > 0.005) {
    lightness += away ? 0.01 : -0.01;
    tried = fromHsl(hue, saturation, Math.min(1, Math.max(0, lightness)));
  }
  return tried;
}

function toHsl(colour: Rgb): Rgb {
  const [r, g, b] = colour.map((part) => part / 255) as Rgb;
  const most = Math.max(r, g, b);
  const spread = most - Math.min(r, g, b);
  const lightness = most - spread / 2;
  const hue = !spread ? 0 : most === r ? (g - b) / spread : most === g ? 2 + (b - r) / spread : 4 + (r - g) / spread;
  return [(hue + 6) % 6, spread ? spread / (1 - Math.abs(2 * lightness - 1)) : 0, lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((shift) => {
    const k = (shift + hue * 2) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  }) as Rgb;
}

/** The tones of an accent on a paper. In the dark they are lighter than they would have to be: it is easier on the eye. */
export function tones(accent: string, paper: string): Tones {
  const [colour, ground] = [parse(accent), parse(paper)];
  const [hue, saturation] = toHsl(colour);
  const isLight = luminance(ground) > 0.5;
  const soft = isLight ? fromHsl(hue, saturation, 0.94) : fromHsl(hue, Math.min(saturation, 0.3), 0.155);
  const fill = until(colour, ground, isLight ? 3 : 8);
  return { accent: write(fill), onAccent: onColour(write(fill)), accentText: write(until(fill, soft, 4.5)), soft: write(soft) };
}

/** A style sheet that gives `panel.css` the owner's colour on both papers. */
export function paletteCss(accent: string): string {
  const rule = (paper: string) => {
    const { accent: fill, onAccent, accentText, soft } = tones(accent, paper);
    return `:host{--accent:${fill};--on-accent:${onAccent};--accent-text:${accentText};--accent-soft:${soft}}`;
  };
  return rule(PAPERS.light) + `@media(prefers-color-scheme:dark){${rule(PAPERS.dark)}}`;
}
