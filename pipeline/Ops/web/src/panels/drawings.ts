import { BarChart } from './barchart';
import { BarGauge } from './bargauge';
import type { Drawing } from './drawing';
import { Heatmap } from './heatmap';
import { Markdown } from './markdown';
import { PieChart } from './piechart';
import { Stat } from './stat';
import { Table } from './table';
import { TimeSeries } from './timeseries';

/** What draws each type of panel. A new type is one class and one line here. */
export const drawings: Record<string, (() => Drawing) | undefined> = {
  barchart: () => new BarChart(),
  bargauge: () => new BarGauge(),
  heatmap: () => new Heatmap(),
  piechart: () => new PieChart(),
  stat: () => new Stat(),
  table: () => new Table(),
  text: () => new Markdown(),
  timeseries: () => new TimeSeries(),
};
