import { h, setChildren } from '../base/dom';
import { day, fullMoment, shortNumber } from '../base/format';
import { t, codeName } from '../base/language';
import { linkUrl } from '../grafana/choice';
import { Field, severitySigns } from '../grafana/field';
import { columns, type Column } from '../grafana/frame';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';

const page = 50;

/** Rows and columns; a heading sorts by its column. */
export class Table implements Drawing {
  readonly element = h('div', { class: 'table-scroll', tabindex: 0, role: 'region' });
  private sortBy = -1;
  private descending = true;
  private most = page;

  show(answer: PanelAnswer, view: View): boolean {
    const all = columns(answer);
    if (!all[0] || all[0].values.length === 0) return false;
    this.element.setAttribute('aria-label', view.title);
    const fields = all.map((column, i) => new Field(view.panel, column.name, i));
    const rows = this.order(all);
    const again = (): boolean => this.show(answer, view);
    setChildren(this.element,
      h('table', { class: 'table' },
        h('thead', {}, h('tr', {}, ...all.map((column, i) => h('th', { scope: 'col', 'data-kind': column.kind, 'aria-sort': this.sortBy !== i ? 'none' : this.descending ? 'descending' : 'ascending' },
          h('button', { type: 'button', onclick: () => this.sort(i, again) }, fields[i]!.title, this.sortBy === i ? (this.descending ? ' ↓' : ' ↑') : ''))))),
        h('tbody', {}, ...rows.slice(0, this.most).map((row) => h('tr', {}, ...all.map((column, i) => cell(column, fields[i]!, row, view)))))),
      rows.length > this.most ? h('button', { type: 'button', class: 'more', onclick: () => { this.most += page * 4; again(); } }, t('panel.more', { n: rows.length - this.most })) : null);
    return true;
  }

  private sort(column: number, again: () => void): void {
    this.descending = this.sortBy === column ? !this.descending : true;
    this.sortBy = column;
    again();
    this.element.querySelectorAll<HTMLElement>('th button')[column]?.focus();
  }

  private order(all: Column[]): number[] {
    const rows = all[0]!.values.map((_, row) => row);
    const by = all[this.sortBy];
    if (!by) return rows;
    const sign = this.descending ? -1 : 1;
    return rows.sort((a, b) => {
      const [x, y] = [by.values[a] ?? null, by.values[b] ?? null];
      if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
      return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
    });
  }
}

function cell(column: Column, field: Field, row: number, view: View): HTMLElement {
  const value = column.values[row] ?? null;
  const style = field.settings.custom?.cellOptions?.type;
  const colored = style?.startsWith('color') && typeof value === 'number';
  const text = textOf(column, field, value);
  const link = field.settings.links?.[0];
  return h('td', { 'data-kind': column.kind, class: colored ? style! : null, '--mark': colored ? field.valueColor(value) : null },
    colored ? severitySigns[field.severity(value)] : null,
    link?.url && value !== null ? h('a', { href: linkUrl(link.url, view.choice, String(value)) }, text) : text);
}

function textOf({ kind }: Column, field: Field, value: number | string | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return readable(codeName(field.text(value)));
  return kind === 'day' ? day(value) : kind === 'time' ? fullMoment(value) : field.text(value);
}

// ClickHouse writes a map as {'name':1.25,'other':2}.
function readable(text: string): string {
  if (!/^\{('\w+':-?[\d.e+-]+,?)*\}$/.test(text)) return text;
  return [...text.matchAll(/'(\w+)':([^,}]+)/g)].map(([, name, value]) => `${name} ${shortNumber(Number(value))}`).join(', ');
}
