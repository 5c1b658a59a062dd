// Colours that people with any kind of colour vision tell apart (after Okabe and Ito), one set per background. Never the only sign of anything.
// Each stands out from its background by 3 to 1 at least.

const sets = {
  light: ['#0072b2', '#cf7b00', '#00896a', '#b8528f', '#3d97cf', '#c14a00', '#6b54b0', '#76736b', '#a39600'],
  dark: ['#4fa8e8', '#f2b134', '#34c79c', '#e390c3', '#9ad4fa', '#ff8a4c', '#b3a1ee', '#c2beb4', '#f0e442'],
};
const scheme = matchMedia('(prefers-color-scheme: dark)');

/** The nth colour of series. */
export function seriesColor(index: number): string {
  const set = scheme.matches ? sets.dark : sets.light;
  return set[index % set.length]!;
}

// Kinds that are often drawn together come first and have different hues. The next eight are darker shades, the last eight darker still (lighter on a
// dark background). Grey (7) is the colour of the rest. A kind that is not listed shares the colour of a listed one.
const hues = [0, 1, 2, 3, 4, 5, 6, 8];
const shades = { light: [0, -0.3, -0.55], dark: [0, -0.3, 0.5] };
const kinds = [
  'view', 'paid', 'message', 'like', 'reply', 'refunded', 'share', 'joined',
  'question', 'post', 'favorite', 'checkin', 'open', 'complaint', 'review', 'survey',
  'reaction', 'idea', 'vote', 'coupon', 'answer', 'cancelled', 'redeem', 'outcome',
];
const topics: Record<string, number> = { clicks: 4, purchases: 1, chats: 2, members: 3, signals: 7 };

/** The colour of a kind of event or a topic: the same in every chart, whatever else is in it. */
export function nameColor(name: string): string {
  const topic = topics[name];
  if (topic !== undefined) return seriesColor(topic);
  const known = kinds.indexOf(name);
  const place = known >= 0 ? known : [...name].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 9973, 7) % kinds.length;
  return shade(seriesColor(hues[place % hues.length]!), (scheme.matches ? shades.dark : shades.light)[Math.floor(place / hues.length)]!);
}

// Towards black (below zero) or white.
function shade(color: string, by: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `#${parts.map((part) => Math.round(by < 0 ? part * (1 + by) : part + (255 - part) * by).toString(16).padStart(2, '0')).join('')}`;
}

/** A colour of the style sheet by its custom property. */
export const styleColor = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Calls back when the background changes between light and dark; the returned function ends it. */
export function onSchemeChange(changed: () => void): () => void {
  scheme.addEventListener('change', changed);
  return () => scheme.removeEventListener('change', changed);
}

// Maps Grafana's colour names and the eight Okabe-Ito colours to the colours of this page, which fit the background.
const named: Record<string, number> = {
  blue: 0, orange: 1, yellow: 8, green: 2, red: 5, purple: 6, pink: 3, gray: 7, grey: 7,
  '#0072b2': 0, '#e69f00': 1, '#009e73': 2, '#cc79a7': 3, '#56b4e9': 4, '#d55e00': 5, '#999999': 7, '#f0e442': 8,
};

/** A colour as dashboard files write it: a name of Grafana's (`semi-dark-green`), or a CSS colour. */
export function fileColor(color: string): string {
  if (color === 'transparent' || color === 'text') return styleColor('--ink');
  const index = named[color.slice(color.lastIndexOf('-') + 1).toLowerCase()];
  return index === undefined ? color : seriesColor(index);
}
