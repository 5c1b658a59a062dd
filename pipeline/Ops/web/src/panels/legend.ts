import { h } from '../base/dom';
import type { Field } from '../grafana/field';

/** Names and colours of fields. */
export const legend = (fields: Field[]): HTMLElement => h('ul', { class: 'chart-legend' },
  ...fields.map((field) => h('li', { class: 'legend-item', '--mark': field.color }, h('span', { class: 'mark', 'aria-hidden': 'true' }), field.title)));
