import { h, setChildren, svg } from '../base/dom';
import { locale, t } from '../base/language';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';
import { valuesOf } from './values';

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const radius = 42, thickness = 20;

/** Shares of a whole, as a ring, with the numbers beside it. */
export class PieChart implements Drawing {
  readonly element = h('div', { class: 'pie' });

  show(answer: PanelAnswer, { panel, title }: View): boolean {
    const values = valuesOf(answer, panel).filter(({ value }) => (value ?? 0) > 0);
    const whole = values.reduce((sum, { value }) => sum + value!, 0);
    if (whole <= 0) return false;
    const around = 2 * Math.PI * radius;
    const gap = values.length > 1 ? 1.2 : 0;
    let from = 0;
    const arcs = values.map(({ field, value }) => {
      const length = (value! / whole) * around;
      const arc = svg('circle', {
        r: radius, cx: 60, cy: 60, fill: 'none', stroke: field.color, 'stroke-width': thickness, transform: 'rotate(-90 60 60)',
        'stroke-dasharray': `${Math.max(0.5, length - gap)} ${around}`, 'stroke-dashoffset': -from,
      });
      from += length;
      return arc;
    });
    const total = values[0]!.field.text(whole);
    setChildren(this.element,
      svg('svg', { viewBox: '0 0 120 120', role: 'img', 'aria-label': `${title}: ${values.map(({ name, value }) => `${name} ${percent.format(value! / whole)}`).join(', ')}` },
        ...arcs, svg('text', { class: 'pie-total', x: 60, y: 64, 'text-anchor': 'middle' }, total)),
      h('table', { class: 'pie-legend' },
        h('caption', { class: 'hidden' }, title),
        h('thead', { class: 'hidden' }, h('tr', {}, h('th', {}, ''), h('th', {}, t('panel.total')), h('th', {}, t('panel.share')))),
        h('tbody', {}, ...values.map(({ field, name, value }) => h('tr', { '--mark': field.color },
          h('th', { scope: 'row' }, h('span', { class: 'mark', 'aria-hidden': 'true' }), name), h('td', {}, field.text(value)), h('td', {}, percent.format(value! / whole)))))));
    return true;
  }
}
