/** A series as it is plotted: its values above zero, or its values below zero. */
export interface Layer {
  /** Which series it is a part of. */
  of: number;
  below: boolean;
  values: (number | null)[];
}

/**
 * Stacks values: positive values are stacked upwards from zero and negative values downwards; in one stack they would hide each other.
 * The layers above zero come first, each on the one before it.
 */
export function stack(series: (number | null)[][], length: number): Layer[] {
  const layers = series.map((values, of) => ({ values, of }));
  const hangs = layers.filter(({ values }) => values.some((value) => value !== null && value < 0));
  return [...pile(layers, length, false), ...pile(hangs, length, true)];
}

function pile(layers: { values: (number | null)[]; of: number }[], length: number, below: boolean): Layer[] {
  const sum = new Array<number>(length).fill(0);
  return layers.map(({ values, of }) => ({
    of, below, values: values.map((value, at) => (sum[at] = sum[at]! + (below ? Math.min(0, value ?? 0) : Math.max(0, value ?? 0)))),
  }));
}
