import { svg } from './dom';
import { usualTop } from './peaks';

const width = 100, height = 24;

/** A small line chart without axes (sparkline). */
export function spark(): SVGSVGElement {
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'spark-fill' }), svg('path', { class: 'spark-line', 'vector-effect': 'non-scaling-stroke' }));
}

/** Draws these values, the oldest at the left, from zero (or the lowest below it) up. */
export function drawSpark(element: SVGSVGElement, values: number[]): void {
  // A few high peaks are cut off so that the rest stays readable.
  const high = usualTop(values) ?? Math.max(...values), low = Math.min(0, ...values);
  const [fill, line] = element.children as unknown as [SVGPathElement, SVGPathElement];
  if (values.length < 2 || high <= low) {
    fill.removeAttribute('d');
    line.removeAttribute('d');
    return;
  }
  const points = values.map((value, i) => `${((i / (values.length - 1)) * width).toFixed(1)} ${(height - 1 - ((Math.min(high, value) - low) / (high - low)) * (height - 3)).toFixed(1)}`);
  line.setAttribute('d', `M${points.join('L')}`);
  fill.setAttribute('d', `M${points.join('L')}L${width} ${height}L0 ${height}Z`);
}
