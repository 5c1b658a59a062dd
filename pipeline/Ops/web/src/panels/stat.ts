import { h, setChildren } from '../base/dom';
import { ownHalf } from '../base/language';
import { severitySigns } from '../grafana/field';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';
import { valuesOf } from './values';

/** One large number, or a few side by side. */
export class Stat implements Drawing {
  readonly element = h('div', { class: 'stats' });

  show(answer: PanelAnswer, { panel }: View): boolean {
    const values = valuesOf(answer, panel);
    if (values.length === 0) {
      setChildren(this.element, h('span', { class: 'stat-name' }, ownHalf(panel.fieldConfig?.defaults?.noValue ?? '–')));
      return true;
    }
    const named = panel.options?.textMode === 'value_and_name' || values.length > 1;
    setChildren(this.element, ...values.map(({ field, name, value }) => h('div', { class: 'stat', '--mark': field.valueColor(value) },
      h('span', { class: 'stat-value' }, severitySigns[field.severity(value)], field.text(value)),
      named ? h('span', { class: 'stat-name' }, name) : null)));
    return true;
  }
}
