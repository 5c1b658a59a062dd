const usualQuantile = 0.9, peakFactor = 3, headroomFactor = 1.3, minPoints = 20;

/**
 * The top of an axis that shows the usual values, when a few points rise far above them; undefined when none does. A short burst would
 * otherwise press ten minutes flat. One tenth of the points may be a burst: values that last longer are usual.
 * @param heights The highest value of each point.
 */
export function usualTop(heights: number[]): number | undefined {
  const sorted = heights.filter((height) => height > 0).sort((a, b) => a - b);
  if (sorted.length < minPoints) return undefined;
  const common = sorted[Math.floor((sorted.length - 1) * usualQuantile)]!;
  return sorted.at(-1)! > common * peakFactor ? common * headroomFactor : undefined;
}
