import { ApiError, get } from '../base/api';
import { h, put, say } from '../base/dom';
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
  private at = 0;
  private most = 12;

  constructor(private readonly id: string) {}

  async load(signal: AbortSignal): Promise<void> {
    try {
      const rows = await get<OutputMessage[]>(`/v1/members/${encodeURIComponent(this.id)}/history`, signal);
      this.at = Date.now();
      say(this.note, '');
      const key = JSON.stringify(rows);
      if (key === this.shown) return;
      this.shown = key;
      this.show(rows);
    } catch (error) {
      if (signal.aborted) return;
      const { passes, message } = error as ApiError;
      if (this.shown === '') put(this.list, h('li', {}, emptyState(passes ? t('member.historyAway') : t('panel.failed'), passes ? null : h('p', {}, message))));
      else this.age();
    }
  }

  /** ClickHouse answers no more since then: what is shown has its age. Undefined: it answers. */
  stall(since: number | undefined): void {
    if (since !== undefined) this.age();
    else if (this.at > 0) say(this.note, '');
  }

  private age(): void {
    say(this.note, this.at > 0 ? `${t('panel.stale')} · ${t('dash.updated', { when: moment(this.at, true) })}` : t('panel.stale'));
  }

  private show(rows: OutputMessage[]): void {
    const more = h('button', {
      type: 'button',
      onclick: () => {
        this.most = rows.length;
        this.show(rows);
      },
    }, t('panel.more', { n: rows.length - this.most }));
    put(this.list,
      ...(rows.length > 0 ? rows.slice(0, this.most).map(row) : [h('li', {}, emptyState(t('member.historyEmpty')))]),
      rows.length > this.most ? h('li', {}, more) : null);
  }
}

function row(message: OutputMessage): HTMLElement {
  const numbers = messageNumbers(message);
  return h('li', { 'data-kind': message.kind },
    h('time', {}, fullMoment(message.at as number)),
    h('div', {}, h('strong', {}, messageTitle(message)), h('p', { class: 'note' }, messageDetail(message)), numbers ? h('p', { class: 'note numbers' }, numbers) : null));
}
