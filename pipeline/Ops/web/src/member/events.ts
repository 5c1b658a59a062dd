import { h, setChildren } from '../base/dom';
import { ago, count, shortNumber, moment, money } from '../base/format';
import { t, codeName } from '../base/language';
import { card, emptyState } from '../base/parts';
import type { LastEvent } from './state';

/** The member's last events, newest on top: when, what, and what it was worth. */
export class EventsCard {
  private readonly body = h('tbody');
  private readonly table = h('table', { class: 'last-events' },
    h('caption', { class: 'hidden' }, t('member.lastEvents')),
    h('thead', {}, h('tr', {}, head(t('member.eventWhen')), head(t('member.eventWhat')), head(t('member.eventWorth')))),
    this.body);
  private readonly empty = emptyState(t('member.lastEventsEmpty'));
  readonly element = card(t('member.lastEvents'), { class: 'wide' }, this.table, this.empty);
  private shown = '';

  show(events: LastEvent[], now: number): void {
    this.table.hidden = events.length === 0;
    this.empty.hidden = events.length > 0;
    // Rows are replaced only when they changed, so that screen readers and selections are not disturbed.
    const key = JSON.stringify(events);
    if (key !== this.shown) setChildren(this.body, ...events.map(row));
    this.shown = key;
    for (const [index, event] of events.entries()) {
      this.body.children[index]!.querySelector('time + .note')!.textContent = ago(Date.parse(event.at), now);
    }
  }
}

function row(event: LastEvent): HTMLElement {
  const details = [
    codeName(event.topic),
    event.amount === null ? '' : money(event.amount, event.currency!),
    event.rating === null ? '' : t('member.eventRating', { n: event.rating }),
  ];
  return h('tr', { 'data-kind': event.kind },
    h('td', {}, h('time', { datetime: event.at }, moment(Date.parse(event.at), true)), h('span', { class: 'note' })),
    h('td', {}, h('strong', {}, codeName(event.kind)), h('span', { class: 'note' }, details.filter(Boolean).join(' · '))),
    h('td', {}, ...worth(event).map((line) => h('span', {}, line))));
}

function worth({ topic, score, points }: LastEvent): string[] {
  const lines: string[] = [];
  if (score !== 0) lines.push(t(topic === 'signals' ? 'member.eventInfluence' : 'member.eventScore', { n: shortNumber(score) }));
  if (points !== 0) lines.push(t('member.eventPoints', { n: `${points > 0 ? '+' : '−'}${count(Math.abs(points))}` }));
  return lines.length > 0 ? lines : ['–'];
}

function head(text: string): HTMLElement {
  return h('th', { scope: 'col' }, text);
}
