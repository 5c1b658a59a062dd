import { get } from '../base/api';
import { h, setChildren, setText } from '../base/dom';
import { describeFailure } from '../base/failure';
import { fullMoment, moment } from '../base/format';
import { t } from '../base/language';
import { messageDetail, messageNumbers, messageTitle } from '../base/messages';
import { card, emptyState } from '../base/parts';
import type { OutputMessage } from '../base/sample';

/** What happened to a member and why, from ClickHouse, newest first. */
export class HistoryCard {
  private readonly note = h('span');
  private readonly list = h('ol', { class: 'history' }, h('li', {}, emptyState(t('panel.loading'))));
  readonly element = card(t('member.history'), { class: 'wide', note: this.note }, this.list);
  private shown = '';
  private loadedAtMs = 0;
  private shownRows = 12;

  constructor(private readonly id: string) {}

  async load(signal: AbortSignal): Promise<void> {
    try {
      const rows = await get<OutputMessage[]>(`/v1/members/${encodeURIComponent(this.id)}/history`, signal);
      this.loadedAtMs = Date.now();
      setText(this.note, '');
      const key = JSON.stringify(rows);
      if (key === this.shown) return;
      this.shown = key;
      this.show(rows);
    } catch (error) {
      if (signal.aborted) return;
      const { title, detail } = describeFailure(error as Error, t('page.failed'));
      if (this.shown === '') setChildren(this.list, h('li', {}, emptyState(title, h('p', {}, detail ?? t('panel.retried')))));
      else this.age();
    }
  }

  /** Marks the list as stale since this time; undefined removes the mark. */
  stall(since: number | undefined): void {
    if (since !== undefined) this.age();
    else if (this.loadedAtMs > 0) setText(this.note, '');
  }

  private age(): void {
    setText(this.note, this.loadedAtMs > 0 ? `${t('panel.stale')} · ${t('dash.updated', { when: moment(this.loadedAtMs, true) })}` : t('panel.stale'));
  }

  private show(rows: OutputMessage[]): void {
    const more = h('button', {
      type: 'button',
      onclick: () => {
        this.shownRows = rows.length;
        this.show(rows);
      },
    }, t('panel.more', { n: rows.length - this.shownRows }));
    setChildren(this.list,
      ...(rows.length > 0 ? rows.slice(0, this.shownRows).map(row) : [h('li', {}, emptyState(t('member.historyEmpty')))]),
      rows.length > this.shownRows ? h('li', {}, more) : null);
  }
}

function row(message: OutputMessage): HTMLElement {
  const numbers = messageNumbers(message);
  return h('li', { 'data-kind': message.kind },
    h('time', {}, fullMoment(message.at as number)),
    h('div', {}, h('strong', {}, messageTitle(message)), h('p', { class: 'note' }, messageDetail(message)), numbers ? h('p', { class: 'note numbers' }, numbers) : null));
}
