import { nameColor } from '../base/colors';
import { h, setChildren, type Child } from '../base/dom';
import { ago, count, fullMoment, shortNumber, moment, money } from '../base/format';
import { locale, t, codeName } from '../base/language';
import { Bars, card } from '../base/parts';
import { drawCurve } from './curve';
import { EventsCard } from './events';
import { declared } from './facts';
import type { MemberState } from './state';

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const when = (text: string | null): string => (text ? ago(Date.parse(text)) : '–');
const since = (text: string | null): string => (text ? moment(Date.parse(text)) : '–');

/** A member's state in cards; shown again every few seconds. */
export class MemberCards {
  private readonly tiles = h('dl', { class: 'tiles' });
  private readonly churn = h('div', { class: 'churn' });
  private readonly curve = h('div');
  private readonly parts = new Bars();
  private readonly influence = h('p', { class: 'note' });
  private readonly facts = h('dl', { class: 'pairs' });
  private readonly events = new EventsCard();
  readonly element = h('div', { class: 'member-cards' },
    this.tiles,
    card(t('member.curve'), { class: 'wide' }, this.curve),
    card(t('member.churn'), {}, this.churn),
    card(t('member.parts'), {}, this.parts.element, this.influence),
    card(t('now.details'), {}, this.facts),
    this.events.element);

  show(state: MemberState): void {
    setChildren(this.tiles,
      tile(t('member.score'), shortNumber(state.score), t('member.events', { n: count(state.events) })),
      tile(t('member.stage'), codeName(state.stage), t('member.stageSince', { when: since(state.stageSince) })),
      tile(t('member.points'), count(state.points), [state.pointsOwed > 0 ? t('member.pointsOwed', { n: count(state.pointsOwed) }) : '', state.level, t('member.growth', { n: count(state.growth) })].filter(Boolean).join(' · ')),
      tile(t('member.tier'), codeName(state.tier), state.koc ? t('member.koc') : ''),
      tile(t('member.lastSeen'), when(state.lastSeen), t('member.firstSeen', { when: since(state.firstSeen) })));
    drawCurve(this.curve, state);
    setChildren(this.churn, ...outlook(state));
    this.showParts(state);
    this.showFacts(state);
    this.events.show(state.lastEvents, state.now);
  }

  close(): void {
    this.element.remove();
  }

  private showParts({ score, scores }: MemberState): void {
    const own = Object.entries(scores).filter(([topic]) => topic !== 'signals');
    this.parts.show(own.map(([topic, part]) => ({ key: topic, name: codeName(topic), share: score > 0 ? part / score : 0, text: shortNumber(part), color: nameColor(topic) })));
    setChildren(this.influence, t('member.influence', { n: shortNumber(scores.signals ?? 0) }));
  }

  private showFacts({ purchases, badges, streak, facts, care, pseudonym }: MemberState): void {
    const spent = Object.entries(purchases.spent).map(([currency, amount]) => money(amount, currency));
    setChildren(this.facts,
      pair(t('member.purchases'), [t('member.purchasesText', purchases as unknown as Record<string, number>), ...spent].join(' · ')),
      pair(t('member.badges'), badges.length > 0 ? badges.join(', ') : t('none')),
      pair(t('member.streak'), t('member.streakText', streak as unknown as Record<string, number>)),
      ...declared(facts).map(([name, text]) => pair(name, text)),
      ...care.held.map(({ action, until }) => pair(t('member.held'), t('member.heldUntil', { action: codeName(action), when: until ? moment(Date.parse(until)) : '' }))),
      pair(t('member.pseudonym'), h('a', { href: `/dashboards/engagement-member?var-member=${pseudonym}`, title: t('member.dashboard') }, h('code', {}, pseudonym))));
  }
}

function outlook({ churn, now }: MemberState): HTMLElement[] {
  const due = churn.dueAt ? Date.parse(churn.dueAt) : undefined;
  const headline = churn.alert ? t('member.open', { reason: churn.alerts.map(({ reason }) => codeName(reason)).join(', ') })
    : due === undefined ? t('member.noDue')
    : due < now ? t('member.overdue', { when: moment(due) })
    : t('member.dueAt', { when: ago(due, now) });
  return [
    h('p', { class: 'churn-headline', 'data-open': churn.alert !== null }, headline),
    due !== undefined ? h('p', { class: 'note' }, fullMoment(due)) : null,
    churn.pAlive !== null && churn.pAlive !== undefined ? h('div', { class: 'meter' },
      h('span', {}, t('member.alive', { p: percent.format(churn.pAlive) })),
      h('meter', { min: 0, max: 1, low: 0.3, high: 0.6, optimum: 1, value: churn.pAlive, 'aria-label': t('member.alive', { p: percent.format(churn.pAlive) }) })) : null,
    churn.expectedPurchases !== null && churn.expectedPurchases !== undefined ? h('p', {}, t('member.expected', { n: shortNumber(churn.expectedPurchases) })) : null,
    h('p', { class: 'note' }, churn.rule === 'none' ? t('member.noRule') : t('member.rule', { rule: codeName(churn.rule) })),
  ].filter((line) => line !== null);
}

const tile = (name: string, value: string, note: string): HTMLElement =>
  h('div', { class: 'tile' }, h('dt', {}, name), h('dd', { class: 'tile-value' }, value), h('dd', { class: 'tile-note' }, note));

const pair = (name: string, value: Child): HTMLElement => h('div', {}, h('dt', {}, name), h('dd', {}, value));
