import { h, put } from '../base/dom';
import { half } from '../base/language';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';
import { valuesOf } from './values';

const signs = ['', '△ ', '▲ '];

/** One large number, or a few side by side. */
export class Stat implements Drawing {
  readonly element = h('div', { class: 'stats' });

  show(answer: PanelAnswer, { panel }: View): boolean {
    const values = valuesOf(answer, panel);
    if (values.length === 0) {
      put(this.element, h('span', { class: 'stat-name' }, half(panel.fieldConfig?.defaults?.noValue ?? '–')));
      return true;
    }
    const named = panel.options?.textMode === 'value_and_name' || values.length > 1;
    put(this.element, ...values.map(({ field, name, value }) => h('div', { class: 'stat', '--mark': field.valueColor(value) },
      h('span', { class: 'stat-value' }, signs[field.gravity(value)], field.text(value)),
      named ? h('span', { class: 'stat-name' }, name) : null)));
    return true;
  }
}
