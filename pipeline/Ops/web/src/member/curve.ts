import { h, setChildren, svg } from '../base/dom';
import { fullMoment, shortNumber, moment } from '../base/format';
import { locale, t } from '../base/language';
import type { MemberState } from './state';

const height = 250, left = 44, right = 12, top = 16, bottom = 26;
const short = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
const long = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });

/** Draws the future score of a member who stays silent, and the due time of the next alert. */
export function drawCurve(element: HTMLElement, state: MemberState): void {
  const { curve } = state;
  const first = curve[0], last = curve.at(-1);
  if (!first || !last) return;
  const width = element.clientWidth || 720;
  const high = Math.max(first[1], 0.001) * 1.1;
  const x = (at: number): number => left + ((at - first[0]) / (last[0] - first[0])) * (width - left - right);
  const y = (score: number): number => top + (1 - score / high) * (height - top - bottom);
  const line = curve.map(([at, score]) => `${x(at).toFixed(1)} ${y(score).toFixed(1)}`).join('L');
  const due = state.churn.dueAt ? Date.parse(state.churn.dueAt) : undefined;
  const dueShown = due !== undefined && due >= first[0] && due <= last[0];
  const steps = width > 560 ? 4 : 2;
  // If the curve spans two years, its tick labels include the year.
  const spans = new Date(first[0]).getFullYear() !== new Date(last[0]).getFullYear();
  const day = spans ? long : short;
  const ticks = Array.from({ length: steps + 1 }, (_, i) => first[0] + ((last[0] - first[0]) * i) / steps);
  const dueText = due === undefined ? t('member.noDue') : due < state.now ? t('member.overdue', { when: moment(due) }) : t('member.dueAt', { when: moment(due) });

  setChildren(element, svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'curve', role: 'img', 'aria-label': `${t('member.curve')}. ${t('member.score')} ${shortNumber(first[1])}. ${dueText}` },
    ...[0, 0.5, 1].map((share) => svg('g', {},
      svg('line', { class: 'curve-grid', x1: left, x2: width - right, y1: y(high * share * 0.909), y2: y(high * share * 0.909) }),
      svg('text', { class: 'curve-text', x: left - 6, y: y(high * share * 0.909) + 4, 'text-anchor': 'end' }, shortNumber(high * share * 0.909)))),
    ...ticks.map((at, i) => svg('text', { class: 'curve-text', x: x(at), y: height - 8, 'text-anchor': i === 0 ? 'start' : i === steps ? 'end' : 'middle' }, day.format(at))),
    svg('path', { class: 'curve-fill', d: `M${line}L${x(last[0])} ${y(0)}L${x(first[0])} ${y(0)}Z` }),
    svg('path', { class: 'curve-line', d: `M${line}` }),
    dueShown ? svg('g', { class: 'curve-due' },
      svg('line', { x1: x(due), x2: x(due), y1: top, y2: height - bottom }),
      svg('circle', { cx: x(due), cy: y(scoreAt(curve, due)), r: 5 }),
      svg('text', { x: x(due) + (x(due) > width * 0.7 ? -8 : 8), y: top + 12, 'text-anchor': x(due) > width * 0.7 ? 'end' : 'start' }, `${t('member.due')} ${day.format(due)}`)) : null),
    h('details', { class: 'as-table' }, h('summary', {}, t('member.table')),
      h('table', {}, h('tbody', {}, ...curve.filter((_, i) => i % 8 === 0).map(([at, score]) => h('tr', {}, h('td', {}, fullMoment(at)), h('td', {}, shortNumber(score))))))));
}

function scoreAt(curve: [number, number][], at: number): number {
  const after = curve.findIndex(([time]) => time >= at);
  const [a, b] = [curve[Math.max(0, after - 1)]!, curve[Math.max(0, after)]!];
  return b[0] === a[0] ? a[1] : a[1] + ((b[1] - a[1]) * (at - a[0])) / (b[0] - a[0]);
}
