import { h, setChildren } from '../base/dom';
import { ownText } from '../grafana/text';
import type { Drawing, View } from './drawing';

/** A text of the file: paragraphs, headings, lists, emphasis, code and links of Markdown. Made of elements, so it cannot carry any other markup. */
export class Markdown implements Drawing {
  readonly element = h('div', { class: 'prose' });

  show(_: unknown, { panel }: View): boolean {
    const blocks = ownText(panel.options?.content ?? '').split(/\n{2,}/);
    setChildren(this.element, ...blocks.map(block));
    return true;
  }
}

function block(text: string): HTMLElement {
  const heading = /^#{1,4} (.*)$/.exec(text);
  if (heading) return h('h3', {}, ...inline(heading[1]!));
  const items = text.split('\n');
  if (items.every((item) => /^[-*] /.test(item))) return h('ul', {}, ...items.map((item) => h('li', {}, ...inline(item.slice(2)))));
  return h('p', {}, ...inline(text.replace(/\n/g, ' ')));
}

function inline(text: string): (Node | string)[] {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`|\[[^\]]+\]\([^)\s]+\))/).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) return h('strong', {}, part.slice(2, -2));
    if (/^\*.+\*$/.test(part)) return h('em', {}, part.slice(1, -1));
    if (/^`.+`$/.test(part)) return h('code', {}, part.slice(1, -1));
    const link = /^\[(.+)\]\((https?:\/\/\S+|\/\S*)\)$/.exec(part);
    return link ? h('a', { href: link[2]!.replace(/^\/d\//, '/dashboards/') }, link[1]!) : part;
  });
}
