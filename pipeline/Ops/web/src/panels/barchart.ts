import { h, setChildren } from '../base/dom';
import { day, yearOf } from '../base/format';
import { codeName } from '../base/language';
import { Field } from '../grafana/field';
import { columns, type Column } from '../grafana/frame';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';
import { legend } from './legend';

/** Bars per category, side by side or stacked, vertical or horizontal. */
export class BarChart implements Drawing {
  readonly element = h('div', { class: 'fills barchart' });

  show(answer: PanelAnswer, { panel, title }: View): boolean {
    const all = columns(answer);
    const { xField, orientation, stacking, legend: legendOptions } = panel.options ?? {};
    const category = all.find((column) => column.name === xField) ?? all.find((column) => column.kind !== 'number');
    const numbers = all.filter((column) => column.kind === 'number' && column !== category);
    if (!category || category.values.length === 0) return false;
    const fields = numbers.map((column, i) => new Field(panel, column.name, i));
    const categories = new Field(panel, category.name, 0);
    const value = (row: number, i: number): number => Number(numbers[i]!.values[row] ?? 0);
    const rows = category.values.map((_, row) => row);
    const stacked = stacking !== 'none' && numbers.length > 1;
    const size = (row: number, i: number): number => Math.abs(value(row, i));
    const most = Math.max(1e-9, ...rows.map((row) => (stacked ? fields.reduce((sum, _, i) => sum + size(row, i), 0) : Math.max(...fields.map((_, i) => size(row, i))))));
    const years = category.kind === 'day' ? new Set(category.values.map((value) => yearOf(Number(value)))) : new Set();
    const name = (row: number): string => nameOf(category, categories, category.values[row] ?? null, years.size > 1 || !years.has(new Date().getUTCFullYear()));

    setChildren(this.element,
      h('div', { class: `columns ${orientation === 'horizontal' ? 'lying' : 'standing'}`, role: 'list', 'aria-label': title },
        ...rows.map((row) => {
          const texts = fields.map((field, i) => `${field.title} ${field.text(value(row, i))}`);
          return h('div', { class: 'column', role: 'listitem', 'aria-label': `${name(row)}: ${texts.join(', ')}`, title: `${name(row)}\n${texts.join('\n')}` },
            h('span', { class: 'column-name' }, name(row)),
            h('span', { class: `column-bars${stacked ? ' stacked' : ''}` },
              ...fields.map((field, i) => h('span', { class: value(row, i) < 0 ? 'column-bar below' : 'column-bar', '--share': size(row, i) / most, '--mark': field.color }))),
            fields.length === 1 || stacked ? h('span', { class: 'column-value' }, fields[0]!.text(fields.reduce((sum, _, i) => sum + value(row, i), 0))) : null);
        })),
      legendOptions?.showLegend !== false && fields.length > 1 ? legend(fields) : null);
    return true;
  }
}

function nameOf({ kind }: Column, field: Field, value: number | string | null, year: boolean): string {
  if (kind === 'day' && typeof value === 'number') return day(value, year);
  return typeof value === 'string' ? codeName(value) : field.text(value);
}
