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

/** A number to so many decimals; one that is not zero never reads as zero, but as below the least that can be written. */
export function rounded(value: number, options: Intl.NumberFormatOptions): string {
  const format = new Intl.NumberFormat(locale, options);
  const least = 10 ** -(options.maximumFractionDigits ?? 0);
  if (value === 0 || Math.abs(value) >= least / 2) return format.format(value);
  return value > 0 ? `<${format.format(least)}` : `>${format.format(-least)}`;
}

/** A number to be read at a glance: two or three digits that matter. */
export function glance(value: number): string {
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
  if (seconds < 0.001) return `${glance(seconds * 1e6)} µs`;
  if (seconds < 1) return `${glance(seconds * 1000)} ms`;
  if (seconds < 120) return `${glance(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} ${t('unit.days')}`;
}

/** A moment: the time alone today, with the day otherwise. */
export function moment(at: number, seconds = false): string {
  const day = new Date(at).toDateString() === new Date().toDateString();
  return (day ? (seconds ? clockSeconds : clock) : dayAndClock).format(at);
}

/** A moment with its day, always. */
export const fullMoment = (at: number): string => dayAndClock.format(at);

/** The year of a UTC midnight. */
export const yearOf = (at: number): number => new Date(at).getUTCFullYear();

/** A day by its UTC midnight: the same day in every time zone. */
export const day = (at: number, year = true): string => (year ? utcDay : utcShortDay).format(at);

/** How long ago, or how long until. */
export function ago(at: number, now = Date.now()): string {
  const seconds = (at - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(Math.round(seconds), 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}
