// Answers come as HTML that the host sanitised. Nothing of it enters the page as markup all the same: it is parsed in an
// inert document, and only elements known here are copied, without their attributes.

import { h, linkTo } from "./dom.ts";

const KNOWN = new Set("A P UL OL LI STRONG EM CODE BR H3 H4".split(" "));
const SILENT = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT NOSCRIPT".split(" "));
const HARMLESS = /^(https?|mailto|tel):/i;

/** The copy of a piece of HTML, as nodes that can do nothing but be read. */
export function richText(html: string): Node[] {
  try {
    return copies(new DOMParser().parseFromString(html, "text/html").body);
  } catch {
    // Pages that enforce Trusted Types let nobody parse HTML.
    return [document.createTextNode(html.replace(/<[^>]*>/g, " "))];
  }
}

function copies(parent: Node): Node[] {
  return [...parent.childNodes].flatMap(copy);
}

function copy(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent!)];
  if (!(node instanceof Element) || SILENT.has(node.tagName)) return [];
  if (!KNOWN.has(node.tagName)) return copies(node);
  return [h(node.tagName.toLowerCase(), linkTo(node.getAttribute("href"), HARMLESS), ...copies(node))];
}
