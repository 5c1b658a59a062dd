import { h, setText, type Child } from './dom';
import { t } from './language';

/** A command to be copied. */
export function command(text: string): HTMLElement {
  const button = h('button', {
    type: 'button', class: 'copy',
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      setText(button, t('copied'));
      setTimeout(() => setText(button, t('copy')), 2000);
    },
  }, t('copy'));
  return h('div', { class: 'command' }, h('pre', { tabindex: 0 }, h('code', {}, text)), button);
}

/** A placeholder: what is missing, and what to do about it. */
export const emptyState = (title: string, ...rest: Child[]): HTMLElement => h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), ...rest);

/** A titled box. */
export function card(title: string, attributes: { class?: string; note?: Child }, ...children: Child[]): HTMLElement {
  return h('section', { class: `card ${attributes.class ?? ''}`, 'aria-label': title },
    h('header', {}, h('h2', {}, title), attributes.note ? h('span', { class: 'note' }, attributes.note) : null), ...children);
}

/** A chart of horizontal bars: name, bar, number. Rows are reused between calls. */
export class Bars {
  readonly element = h('ol', { class: 'bars' });
  private readonly rows = new Map<string, { row: HTMLElement; bar: HTMLElement; text: HTMLElement }>();

  /** Shows these in this order; `share` is the length of the bar, 0 to 1. */
  show(items: { key: string; name: string; share: number; text: string; color?: string }[]): void {
    for (const [key, { row }] of this.rows) {
      if (items.some((item) => item.key === key)) continue;
      row.remove();
      this.rows.delete(key);
    }
    for (const [index, item] of items.entries()) {
      let parts = this.rows.get(item.key);
      if (!parts) {
        const bar = h('span', { class: 'bar-fill' });
        const text = h('span', { class: 'bar-text' });
        parts = { row: h('li', {}, h('span', { class: 'bar-name' }, item.name), h('span', { class: 'bar', 'aria-hidden': 'true' }, bar), text), bar, text };
        this.rows.set(item.key, parts);
      }
      parts.bar.style.setProperty('--share', String(Math.max(0, Math.min(1, item.share))));
      if (item.color) parts.bar.style.setProperty('--mark', item.color);
      setText(parts.text, item.text);
      if (this.element.children[index] !== parts.row) this.element.insertBefore(parts.row, this.element.children[index] ?? null);
    }
  }
}
