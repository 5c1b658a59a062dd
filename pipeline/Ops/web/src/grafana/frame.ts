import type { PanelAnswer } from './model';

export type Kind = 'time' | 'day' | 'number' | 'text';

/** A column of an answer. Times and days are epoch milliseconds; a day is the UTC midnight it begins with. */
export interface Column {
  name: string;
  kind: Kind;
  values: (number | string | null)[];
}

/** One series: values by time, under one name. */
export interface Line {
  /** The name overrides match: the label, or the column where there is none. */
  name: string;
  points: Map<number, number>;
}

/** The answer's columns with plain values; the rows of all targets, which must have the same columns, after each other. */
export function columns(answer: PanelAnswer): Column[] {
  const first = answer.targets[0];
  if (!first) return [];
  const rows = answer.targets.flatMap((target) => target.rows);
  return first.columns.map(({ name, type }, i) => {
    const kind = kindOf(type);
    return { name, kind, values: rows.map((row) => plain(row[i], kind)) };
  });
}

/** An answer as lines: one per value column, and per label where there are text columns. */
export function lines(answer: PanelAnswer): Line[] {
  const found = new Map<string, Line>();
  for (const target of answer.targets) {
    const all = columns({ ...answer, targets: [target] });
    const time = all.find((column) => column.kind === 'time' || column.kind === 'day');
    const values = all.filter((column) => column.kind === 'number');
    const labels = all.filter((column) => column.kind === 'text');
    if (!time) continue;
    for (let row = 0; row < time.values.length; row++) {
      const label = labels.map((column) => column.values[row]).join(' ');
      for (const column of values) {
        const name = labels.length === 0 ? column.name : values.length === 1 ? label : `${column.name} ${label}`;
        let line = found.get(name);
        if (!line) found.set(name, (line = { name, points: new Map() }));
        const value = column.values[row];
        if (typeof value === 'number') line.points.set(time.values[row] as number, value);
      }
    }
  }
  return [...found.values()];
}

/** Adds newer points to lines: points from the first newer time on are replaced; points before `since` are dropped. */
export function append(old: Line[], newer: Line[], from: number, since: number): Line[] {
  const start = newer.reduce((low, line) => Math.min(low, ...line.points.keys()), from);
  const names = new Set([...old, ...newer].map((line) => line.name));
  return [...names].map((name) => {
    const kept = [...(old.find((line) => line.name === name)?.points ?? [])].filter(([at]) => at >= since && at < start);
    return { name, points: new Map([...kept, ...(newer.find((line) => line.name === name)?.points ?? [])]) };
  }).filter((line) => line.points.size > 0);
}

/** The times of all lines in order, and each line's values at them. */
export function align(all: Line[]): { x: number[]; values: (number | null)[][] } {
  const x = [...new Set(all.flatMap((line) => [...line.points.keys()]))].sort((a, b) => a - b);
  return { x, values: all.map((line) => x.map((at) => line.points.get(at) ?? null)) };
}

/** Reduces values to one by the calculation that Grafana names. */
export function reduce(values: (number | string | null)[], calc = 'lastNotNull'): number | null {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (calc === 'count') return values.length;
  if (numbers.length === 0) return null;
  switch (calc) {
    case 'first': case 'firstNotNull': return numbers[0]!;
    case 'min': return Math.min(...numbers);
    case 'max': return Math.max(...numbers);
    case 'sum': return numbers.reduce((sum, value) => sum + value, 0);
    case 'mean': return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    default: return numbers.at(-1)!;
  }
}

function kindOf(type: string): Kind {
  const inner = type.replace(/^(LowCardinality|Nullable)\((.*)\)$/, '$2').replace(/^Nullable\((.*)\)$/, '$1');
  if (/^Date(32)?$/.test(inner)) return 'day';
  if (/^Date/.test(inner)) return 'time';
  return /^U?Int|^Float|^Decimal|^BFloat/.test(inner) ? 'number' : 'text';
}

function plain(value: unknown, kind: Kind): number | string | null {
  if (value === null || value === undefined) return null;
  if (kind === 'time' || kind === 'day') return typeof value === 'number' ? value : Date.parse(String(value));
  if (kind === 'number') return Number(value);
  if (typeof value === 'object') return Object.entries(value).map(([name, part]) => (Array.isArray(value) ? String(part) : `${name} ${part}`)).join(', ');
  return String(value);
}
