import { h } from '../base/dom';
import { ago } from '../base/format';
import { t } from '../base/language';
import { messageDetail, messageTitle, timeOf } from '../base/messages';
import { card, emptyState } from '../base/parts';
import type { HistoryPoint, OutputMessage, Sample } from '../base/sample';
import type { NowCard } from './now-card';

const shown = 7;

/** The latest messages of an output topic, newest on top. Those already shown stay where they are. */
export class FeedCard implements NowCard {
  private readonly list = h('ol', { class: 'feed' });
  private readonly empty: HTMLElement;
  readonly element: HTMLElement;
  private readonly rows = new Map<string, HTMLElement>();

  constructor(private readonly which: 'alerts' | 'rewards') {
    this.empty = emptyState(t(`now.${which}Empty`));
    this.element = card(t(`now.${which}`), {}, this.list, this.empty);
  }

  show(sample: Sample, _history: HistoryPoint[]): void {
    const messages = sample[this.which].slice(0, shown);
    this.empty.hidden = messages.length > 0;
    this.list.hidden = messages.length === 0;
    const keys = messages.map((message) => `${message.member}/${message.sequence}`);
    for (const [key, row] of this.rows) {
      if (keys.includes(key)) continue;
      row.remove();
      this.rows.delete(key);
    }
    for (const [index, message] of messages.entries()) {
      const key = keys[index]!;
      let row = this.rows.get(key);
      if (!row) this.rows.set(key, (row = line(message)));
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
      const when = row.querySelector('time');
      const at = timeOf(message);
      if (when && at) when.textContent = ago(at, sample.at);
    }
  }
}

function line(message: OutputMessage): HTMLElement {
  return h('li', { 'data-kind': message.kind },
    h('span', { class: 'feed-what' }, messageTitle(message)),
    h('a', { href: `/members/${encodeURIComponent(message.member)}` }, message.member),
    h('span', { class: 'feed-why' }, messageDetail(message)),
    h('time', {}));
}
