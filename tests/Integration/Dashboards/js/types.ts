// What a dashboard file is, in the types Grafana publishes: the dashboard as a whole, then the options and field settings of each kind of panel.
import type { Dashboard as GrafanaDashboard, FieldConfigSource } from '@grafana/schema';
import type * as barchart from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as piechart from '@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as text from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

interface Panel<Options, Custom> {
  options: Options;
  fieldConfig?: FieldConfigSource<Custom>;
}

export interface Files {
  dashboard: GrafanaDashboard;
  barchart: Panel<barchart.Options, barchart.FieldConfig>;
  bargauge: Panel<bargauge.Options, never>;
  heatmap: Panel<heatmap.Options, heatmap.FieldConfig>;
  piechart: Panel<piechart.Options, piechart.FieldConfig>;
  stat: Panel<stat.Options, never>;
  table: Panel<table.Options, table.FieldConfig>;
  text: Panel<text.Options, never>;
  timeseries: Panel<timeseries.Options, timeseries.FieldConfig>;
}
