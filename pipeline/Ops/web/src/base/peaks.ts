const usual = 0.9, beyond = 3, headroom = 1.3, fewest = 20;

/**
 * How high an axis must reach to show what is usual, when a few points rise far above it; undefined when none does. A burst of seconds would
 * otherwise press ten minutes flat. One tenth of the points may be a burst: what lasts longer is usual.
 * @param heights The highest value of each point.
 */
export function usualTop(heights: number[]): number | undefined {
  const sorted = heights.filter((height) => height > 0).sort((a, b) => a - b);
  if (sorted.length < fewest) return undefined;
  const common = sorted[Math.floor((sorted.length - 1) * usual)]!;
  return sorted.at(-1)! > common * beyond ? common * headroom : undefined;
}
