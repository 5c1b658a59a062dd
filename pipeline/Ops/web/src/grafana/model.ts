// The parts of Grafana's dashboard files that are drawn here. Everything else in a file is left alone.

export interface DashboardFile {
  uid: string;
  title: string;
  description?: string;
  time?: { from: string; to: string };
  links?: { type: string; title: string; tags: string[] }[];
  panels: PanelFile[];
  templating?: { list: VariableFile[] };
}

export interface VariableFile {
  name: string;
  label?: string;
  type: string;
  multi?: boolean;
  includeAll?: boolean;
  hide?: number;
}

export interface PanelFile {
  id: number;
  type: string;
  title?: string;
  description?: string;
  gridPos: { h: number; w: number; x: number; y: number };
  interval?: string;
  maxDataPoints?: number;
  fieldConfig?: { defaults?: FieldSettings; overrides?: Override[] };
  options?: PanelOptions;
  targets?: { refId: string; rawSql?: string }[];
  links?: Link[];
}

export interface Link {
  title: string;
  url?: string;
  targetBlank?: boolean;
}

export interface FieldSettings {
  displayName?: string;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  noValue?: string;
  thresholds?: { mode: string; steps: { color: string; value: number | null }[] };
  color?: { mode: string; fixedColor?: string };
  mappings?: { type: string; options: Record<string, { text?: string; color?: string }> }[];
  links?: Link[];
  custom?: {
    drawStyle?: string;
    lineInterpolation?: string;
    fillOpacity?: number;
    spanNulls?: boolean | number;
    stacking?: { mode: string };
    thresholdsStyle?: { mode: string };
    cellOptions?: { type: string };
  };
}

export interface Override {
  matcher: { id: string; options: string };
  properties: { id: string; value: unknown }[];
}

export interface PanelOptions {
  content?: string;
  legend?: { showLegend?: boolean };
  reduceOptions?: { calcs?: string[]; values?: boolean };
  textMode?: string;
  colorMode?: string;
  orientation?: string;
  stacking?: string;
  xField?: string;
  pieType?: string;
  color?: { exponent?: number };
}

/** What the server answers for a panel. */
export interface PanelAnswer {
  intervalMs: number;
  targets: { refId: string; columns: { name: string; type: string }[]; rows: unknown[][]; rowsRead: number }[];
}
