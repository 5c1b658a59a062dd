import type { Range } from './range';

/** The user's choice of time range and variable values. Kept in the address bar, in Grafana's form. */
export interface Choice {
  range: Range;
  variables: Record<string, string[]>;
}

/** A link of a dashboard file as an address of this page: another dashboard, with the range and variables it asks for. */
export function linkUrl(url: string, choice: Choice, value = ''): string {
  const range = `from=${encodeURIComponent(choice.range.from)}&to=${encodeURIComponent(choice.range.to)}`;
  const variables = Object.entries(choice.variables)
    .flatMap(([name, values]) => values.map((one) => `var-${name}=${encodeURIComponent(one)}`)).join('&');
  return url
    .replace('${__url_time_range}', range)
    .replace('${__all_variables}', variables)
    .replace(/\$\{__value\.(raw|text)\}/g, encodeURIComponent(value))
    .replace(/^\/d\//, '/dashboards/');
}
