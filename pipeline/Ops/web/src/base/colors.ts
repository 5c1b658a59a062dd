// Colours that people with any kind of colour vision tell apart (after Okabe and Ito), one set per background. Never the only sign of anything.

const sets = {
  light: ['#0072b2', '#d98200', '#00896a', '#b8528f', '#3d97cf', '#c14a00', '#6b54b0', '#76736b'],
  dark: ['#4fa8e8', '#f2b134', '#34c79c', '#e390c3', '#9ad4fa', '#ff8a4c', '#b3a1ee', '#c2beb4'],
};
const scheme = matchMedia('(prefers-color-scheme: dark)');

/** The nth colour of series. */
export function seriesColor(index: number): string {
  const set = scheme.matches ? sets.dark : sets.light;
  return set[index % set.length]!;
}

/** A colour of the style sheet by its custom property. */
export const styleColor = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Calls back when the background changes between light and dark; the returned function ends it. */
export function onSchemeChange(changed: () => void): () => void {
  scheme.addEventListener('change', changed);
  return () => scheme.removeEventListener('change', changed);
}

// Grafana's names for colours, in this set: file and page agree on the hue.
const named: Record<string, number> = { blue: 0, orange: 5, yellow: 1, green: 2, red: 5, purple: 6, pink: 3, gray: 7, grey: 7 };

/** A colour as dashboard files write it: a name of Grafana's (`semi-dark-green`), or a CSS colour. */
export function fileColor(color: string): string {
  if (color === 'transparent' || color === 'text') return styleColor('--ink');
  const index = named[color.slice(color.lastIndexOf('-') + 1)];
  return index === undefined ? color : seriesColor(index);
}
