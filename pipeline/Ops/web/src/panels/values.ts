import { Field } from '../grafana/field';
import { columns, reduce } from '../grafana/frame';
import type { PanelAnswer, PanelFile } from '../grafana/model';

/** A field and the one value shown for it. */
export interface Value {
  field: Field;
  name: string;
  value: number | null;
}

/** The values of panels that show one number per field, or per row where the file says so. */
export function valuesOf(answer: PanelAnswer, panel: PanelFile): Value[] {
  const all = columns(answer);
  const numbers = all.filter((column) => column.kind === 'number');
  const { values: perRow, calcs } = panel.options?.reduceOptions ?? {};
  const text = all.find((column) => column.kind === 'text');
  if (perRow && text && numbers[0]) {
    const column = numbers[0];
    return text.values.map((name, row) => {
      const field = new Field(panel, String(name), row);
      return { field, name: field.title, value: column.values[row] as number | null };
    });
  }
  if (all[0]?.values.length === 0) return [];
  return numbers.map((column, i) => {
    const field = new Field(panel, column.name, i);
    return { field, name: field.title, value: reduce(column.values, calcs?.[0]) };
  });
}
