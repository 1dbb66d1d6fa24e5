// Elements without markup: everything a visitor or the host wrote goes in as text.

/** What may stand inside an element. */
export type Child = Node | string | false | null | undefined;

/** Attributes by name (`true` is empty, `false` leaves out) and listeners by `on…`. */
export type Props = Record<string, string | number | boolean | undefined | ((event: any) => void)>;

/** An element by `tag.class.class`. */
export function h<E extends HTMLElement = HTMLElement>(name: string, props: Props = {}, ...children: Child[]): E {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag!) as E;
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...kept(children));
  return element;
}

/** Puts other children into an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...kept(children));
}

const kept = (children: Child[]) => children.filter((child): child is Node | string => !!child);

/** A line drawing of 24 by 24, for the eye alone. */
export function drawing(path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const CONTACT = /^(https?|mailto|tel|sms|viber):/i;

/** Attributes of a link, if its address is of a harmless kind: to other sites in a tab of its own, so that the page stays. */
export function linkTo(href: string | null | undefined, kinds = CONTACT): Props {
  if (!href || !kinds.test(href)) return {};
  const away = /^https?:/i.test(href) && !href.startsWith(location.origin + "/");
  return { href, rel: "noopener", target: away && "_blank" };
}
