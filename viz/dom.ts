/** Building the page: elements from text only. Nothing in the viewer ever parses markup from data. */

interface ElementOptions {
  class?: string;
  text?: string;
  attributes?: Readonly<Record<string, string>>;
  onClick?: (event: MouseEvent) => void;
}

/** A new element with its text and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (options.class) element.className = options.class;
  if (options.text !== undefined) element.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  if (options.onClick) element.addEventListener('click', options.onClick as EventListener);
  element.append(...children);
  return element;
}

/** A word of the scenario (an id, a name), kept apart from the writing direction of the text around it. */
export const word = (text: string, className = '', most = SHORT_TEXT): HTMLElement =>
  el('bdi', { text: visible(text, most), ...(className ? { class: className } : {}) });

/** Characters of a name that are shown. */
const SHORT_TEXT = 120;
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text from a file as it may be shown: control and direction marks become visible, overlong text is cut. */
export const visible = (text: string, most = SHORT_TEXT): string =>
  (text.length > most ? `${text.slice(0, most - 1)}…` : text).replace(HIDDEN, '\ufffd');

/** The element with this id; its absence is a bug of the page. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element as T;
}

/** Makes `parent` hold exactly `children`, in order, moving only what is out of place (so focus survives). */
export function arrange(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/** Sets the text only where it differs, so that unchanged parts cost no layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
