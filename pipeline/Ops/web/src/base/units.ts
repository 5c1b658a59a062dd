import { duration, rounded } from './format';
import { locale, t } from './language';

/** A number of bytes. */
export const bytes = (value: number): string => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);

/** Formats a value in a unit named as Grafana names it; unknown names are put after the number. */
export function unitFormat(unit = 'short', decimals?: number): (value: number) => string {
  const plain = (value: number): string => number(value, decimals);
  if (unit.startsWith('suffix:')) return (value) => plain(value) + unit.slice(7);
  if (unit.startsWith('prefix:')) return (value) => unit.slice(7) + plain(value);
  if (unit.startsWith('currency:')) return (value) => `${unit.slice(9)} ${plain(value)}`;
  switch (unit) {
    case 'none': case '': case 'locale': return (value) => rounded(value, { maximumFractionDigits: decimals ?? 2 });
    case 'short': return plain;
    case 'percent': return (value) => `${plain(value)} %`;
    case 'percentunit': return (value) => `${number(value * 100, decimals)} %`;
    case 's': case 'dtdurations': case 'clocks': return duration;
    case 'ms': case 'dtdurationms': return (value) => duration(value / 1000);
    case 'µs': return (value) => duration(value / 1e6);
    case 'm': return (value) => duration(value * 60);
    case 'h': return (value) => duration(value * 3600);
    case 'd': return (value) => `${plain(value)} ${t('unit.days')}`;
    case 'bytes': case 'decbytes': return bytes;
    case 'ops': case 'cps': case 'reqps': case 'eps': case 'evps': case 'wps': case 'rps': case 'mps': case 'iops': case 'pps': case 'recps': case 'rowsps':
      return (value) => plain(value) + t('unit.perSecond');
    case 'cpm': case 'opm': case 'rpm': case 'wpm': return (value) => plain(value) + t('unit.perMinute');
    case 'currencyCNY': case 'currencyJPY': return (value) => `¥${plain(value)}`;
    case 'currencyUSD': return (value) => `$${plain(value)}`;
    case 'currencyEUR': return (value) => `€${plain(value)}`;
    case 'currencyGBP': return (value) => `£${plain(value)}`;
    case 'dateTimeAsIso': case 'dateTimeAsLocal': case 'dateTimeAsSystem': case 'dateTimeAsIsoNoDateIfToday':
      return (value) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(value);
    default: return (value) => `${plain(value)} ${unit}`;
  }
}

function number(value: number, decimals?: number): string {
  if (decimals !== undefined) return rounded(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, notation: Math.abs(value) >= 1e6 ? 'compact' : 'standard' });
  if (Math.abs(value) >= 10_000) return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
  return new Intl.NumberFormat(locale, Math.abs(value) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 }).format(value);
}

function scaled(value: number, step: number, units: string[]): string {
  const power = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log(value) / Math.log(step)));
  return `${number(value / step ** power)} ${units[power]}`;
}
