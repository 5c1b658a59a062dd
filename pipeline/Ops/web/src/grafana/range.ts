import { fullMoment } from '../base/format';
import { locale, t } from '../base/language';

/** A time range as written: `now-6h`, or epoch milliseconds. */
export interface Range {
  from: string;
  to: string;
}

const unit: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 7 * 864e5, M: 30 * 864e5, y: 365 * 864e5 };

export const quick = ['5m', '15m', '1h', '6h', '24h', '7d', '30d', '90d', '1y', '5y'];

/** A range in epoch milliseconds as of now; undefined when it cannot be read. */
export function resolve(range: Range, now = Date.now()): { from: number; to: number } | undefined {
  const from = timeMs(range.from, now), to = timeMs(range.to, now);
  return from === undefined || to === undefined || from >= to ? undefined : { from, to };
}

/** Whether the range moves with the clock. */
export const isLive = (range: Range): boolean => range.to === 'now';

/** The range in words. */
export function rangeText(range: Range): string {
  const last = /^now-(\d+[smhdwMy])$/.exec(range.from);
  if (last && range.to === 'now') return t('dash.last', { span: span(last[1]!) });
  const at = resolve(range);
  return at ? `${fullMoment(at.from)} – ${fullMoment(at.to)}` : `${range.from} – ${range.to}`;
}

/** A width of time buckets that gives about this many over the range, from a list of round ones. */
export function bucketMs(from: number, to: number, most: number): number {
  const round = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800].map((s) => s * 1000);
  return round.find((width) => (to - from) / width <= most) ?? 30 * 864e5;
}

/** Parses an interval of a dashboard file (`1m`) to milliseconds; 0 if there is none. */
export function parseIntervalMs(text: string | undefined): number {
  const parts = /^(\d+)(ms|[smhdw])$/.exec(text ?? '');
  return parts ? Number(parts[1]) * (parts[2] === 'ms' ? 1 : unit[parts[2]!]!) : 0;
}

function timeMs(text: string, now: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = /^now(?:-(\d+)([smhdwMy]))?$/.exec(text);
  if (parts) return parts[1] ? now - Number(parts[1]) * unit[parts[2]!]! : now;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

function span(text: string): string {
  const n = Number(text.slice(0, -1));
  switch (text.at(-1)) {
    case 'm': return measure(n, 'minute');
    case 'h': return measure(n, 'hour');
    case 'y': return measure(n, 'year');
    default: return measure(text.endsWith('w') ? n * 7 : text.endsWith('M') ? n * 30 : n, 'day');
  }
}

// Intl chooses the plural form of the language.
const measure = (n: number, of: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: of, unitDisplay: 'long' }).format(n);
