import { locale, t } from './language';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockSeconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const utcDay = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
const utcShortDay = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

/** A count, in full. */
export const count = (value: number): string => whole.format(value);

/** A number with a given count of decimals. A small number that is not zero is written as `<0.01`, never as `0`. */
export function rounded(value: number, options: Intl.NumberFormatOptions): string {
  const format = new Intl.NumberFormat(locale, options);
  const least = 10 ** -(options.maximumFractionDigits ?? 0);
  if (value === 0 || Math.abs(value) >= least / 2) return format.format(value);
  return value > 0 ? `<${format.format(least)}` : `>${format.format(-least)}`;
}

/** A number with two or three significant digits. */
export function shortNumber(value: number): string {
  if (Math.abs(value) < 0.001) return rounded(value, { maximumFractionDigits: 3 });
  if (Math.abs(value) < 10) return new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value);
  return Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value);
}

/** An amount with the decimals of its currency, and more when it has more. */
export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 4 }).format(amount);

/** A duration given in seconds, in the unit that suits it. */
export function duration(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 0.001) return `${shortNumber(seconds * 1e6)} µs`;
  if (seconds < 1) return `${shortNumber(seconds * 1000)} ms`;
  if (seconds < 120) return `${shortNumber(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} ${t('unit.days')}`;
}

/** A time as text: the clock time if it is today, else date and clock time. */
export function moment(atMs: number, seconds = false): string {
  const day = new Date(atMs).toDateString() === new Date().toDateString();
  return (day ? (seconds ? clockSeconds : clock) : dayAndClock).format(atMs);
}

/** A time as text, always with its date. */
export const fullMoment = (atMs: number): string => dayAndClock.format(atMs);

/** The year of a UTC midnight. */
export const yearOf = (atMs: number): number => new Date(atMs).getUTCFullYear();

/** A day by its UTC midnight: the same day in every time zone. */
export const day = (atMs: number, year = true): string => (year ? utcDay : utcShortDay).format(atMs);

/** How long ago, or how long until. */
export function ago(atMs: number, nowMs = Date.now()): string {
  const seconds = (atMs - nowMs) / 1000;
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(Math.round(seconds), 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}
