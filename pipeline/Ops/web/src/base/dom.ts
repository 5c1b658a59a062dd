// Elements are created only here and never from HTML text, so text from members or queries cannot become markup.

export type Child = Node | string | number | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => void);

/** An element with attributes, listeners (`onclick`, …), custom properties (`--name`) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, Value> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** As `h`, for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, Value> = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** Replaces the children of an element. */
export function setChildren(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isThere).map(toNode));
}

/** Changes a text only when it differs, so that screen readers and selections are not disturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function fill<E extends HTMLElement | SVGElement>(element: E, attributes: Record<string, Value>, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (name.startsWith('--')) element.style.setProperty(name, String(value));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter(isThere).map(toNode));
  return element;
}

const isThere = (child: Child): child is Node | string | number => child !== null && child !== undefined && child !== false;
const toNode = (child: Node | string | number): Node | string => (typeof child === 'number' ? String(child) : child);
