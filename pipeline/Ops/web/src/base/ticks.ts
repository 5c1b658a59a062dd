import { locale } from './language';

const formats = {
  second: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  minute: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' }),
  month: new Intl.DateTimeFormat(locale, { month: 'short' }),
  year: new Intl.DateTimeFormat(locale, { year: 'numeric' }),
};

type Part = (time: Date) => string;

/**
 * Texts for the marks of a time axis, epoch seconds. A second line gives the day or the year at its first tick and where it changes: always when the axis
 * spans several, and when it is not the current one.
 */
export function timeTicks(ticks: number[], now = new Date()): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const year: Part = (time) => formats.year.format(time);
  const day: Part = (time) => (time.getFullYear() === now.getFullYear() ? formats.day.format(time) : `${formats.day.format(time)} ${year(time)}`);
  if (step >= 360 * 86_400) return ticks.map((tick) => year(new Date(tick * 1000)));
  if (step >= 27 * 86_400) return lines(ticks, (time) => formats.month.format(time), year, true, now);
  if (step >= 86_400) return lines(ticks, (time) => formats.day.format(time), year, false, now);
  return lines(ticks, (time) => (step >= 60 || step <= 0 ? formats.minute : formats.second).format(time), day, false, now);
}

// The second line where it changes; nowhere when all marks lie in the present one.
function lines(ticks: number[], fine: Part, coarse: Part, always: boolean, now: Date): string[] {
  const texts = ticks.map((tick) => coarse(new Date(tick * 1000)));
  const said = always || texts.some((text) => text !== coarse(now));
  return ticks.map((tick, i) => fine(new Date(tick * 1000)) + (said && texts[i] !== texts[i - 1] ? `\n${texts[i]}` : ''));
}
