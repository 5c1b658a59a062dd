import uPlot from 'uplot';
import { onSchemeChange, styleColor } from './colors';
import { h, setChildren, setText } from './dom';
import { t } from './language';
import { moment } from './format';
import { usualTop } from './peaks';
import { stack, type Layer } from './stack';
import { timeTicks } from './ticks';

export interface Series {
  name: string;
  color: string;
  /** Dashed line, for series that share a colour with another one. */
  dashed?: boolean;
  /** One value per x; null where there is none. */
  values: (number | null)[];
}

export interface Threshold {
  value: number;
  color: string;
}

export interface ChartOptions {
  /** Text for screen readers: what the chart shows. */
  label: string;
  format: (value: number) => string;
  stacked?: boolean;
  bars?: boolean;
  steps?: boolean;
  fill?: number;
  spanGaps?: boolean;
  min?: number;
  max?: number;
  thresholds?: Threshold[];
  height?: number;
  /** Whether the axis is cut at the usual height when a few points rise far above it. Points above the cut are marked; a button shows the whole axis. */
  cutPeaks?: boolean;
  /** Same key: their cursors move together. */
  sync?: string;
  onZoom?: (from: number, to: number) => void;
}

/**
 * A time series chart. `show` may be called every second: the plot is kept and only its data changes, unless other series come.
 * Arrow keys move its cursor; screen readers read the values at the cursor.
 */
export class Chart {
  readonly element: HTMLElement;
  private readonly plotted = h('div', { class: 'chart-plot' });
  private readonly tip = h('div', { class: 'chart-tip', hidden: true });
  private readonly legend = h('div', { class: 'chart-legend' });
  private readonly peaks = h('button', { type: 'button', class: 'chart-peaks', hidden: true, onclick: () => this.showPeaks() });
  private readonly hidden = new Set<string>();
  private readonly resized: ResizeObserver;
  private readonly unwatch: () => void;
  private plot: uPlot | undefined;
  private x: number[] = [];
  private range: [number, number] = [0, 1];
  private series: Series[] = [];
  private layers: Layer[] = [];
  private cutAt: number | undefined;
  private showsWholeAxis = false;
  private drawnKey = '';

  constructor(private readonly options: ChartOptions) {
    this.plotted.tabIndex = 0;
    this.plotted.setAttribute('role', 'img');
    this.plotted.addEventListener('keydown', (event) => this.onKey(event));
    this.plotted.addEventListener('blur', () => this.plot?.setCursor({ left: -10, top: -10 }));
    this.tip.setAttribute('aria-live', 'polite');
    this.element = h('div', { class: 'chart' }, this.plotted, this.peaks, this.legend);
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(this.plotted);
    this.unwatch = onSchemeChange(() => this.plot?.redraw(false));
  }

  /** Draws these series over these times (epoch milliseconds). */
  show(x: number[], series: Series[], from = x[0] ?? 0, to = x.at(-1) ?? 1): void {
    this.x = x.map((at) => at / 1000);
    this.range = [from / 1000, Math.max(to, from + 1) / 1000];
    this.series = series;
    this.layers = this.layer();
    const drawnKey = JSON.stringify([series.map((one) => [one.name, one.color]), this.layers.map((layer) => [layer.of, layer.below])]);
    if (!this.plot || drawnKey !== this.drawnKey) {
      this.drawnKey = drawnKey;
      this.build();
    } else {
      this.measure();
      this.plot.setData(this.data(), false);
      this.rescale();
    }
    this.describe();
    this.showTip();
  }

  destroy(): void {
    this.resized.disconnect();
    this.unwatch();
    this.plot?.destroy();
  }

  private get shown(): Series[] {
    return this.series.filter((one) => !this.hidden.has(one.name));
  }

  private last(one: Series): string {
    const value = one.values.findLast((v) => v !== null);
    return value === undefined || value === null ? '–' : this.options.format(value);
  }

  private layer(): Layer[] {
    const values = this.shown.map((one) => one.values);
    return this.options.stacked ? stack(values, this.x.length) : values.map((of, i) => ({ of: i, below: false, values: of }));
  }

  private data(): uPlot.AlignedData {
    return [this.x, ...this.layers.map((layer) => layer.values)] as uPlot.AlignedData;
  }

  // Computes where the axis is cut, so that usual values can be read.
  private measure(): void {
    const heights = this.x.map((_, at) => Math.max(0, ...this.layers.map((layer) => layer.values[at] ?? 0)));
    const top = this.options.cutPeaks ? usualTop(heights) : undefined;
    this.cutAt = this.showsWholeAxis ? undefined : top;
    this.peaks.hidden = top === undefined;
    if (top === undefined) return;
    const over = heights.filter((height) => height > top);
    const highest = heights.indexOf(Math.max(...over));
    setText(this.peaks, this.showsWholeAxis ? t('chart.cut') : `▲ ${t('chart.peaks', { most: this.options.format(heights[highest]!), when: moment(this.x[highest]! * 1000, true) })}`);
  }

  private showPeaks(): void {
    this.showsWholeAxis = !this.showsWholeAxis;
    this.measure();
    this.rescale();
    this.describe();
  }

  // What the chart shows, in words.
  private describe(): void {
    const values = this.layers.flatMap((layer) => layer.values).filter((value) => value !== null);
    const [low, high] = this.yRange(values.reduce((a, b) => Math.min(a, b), 0), values.reduce((a, b) => Math.max(a, b), 0)).map(this.options.format);
    this.plotted.setAttribute('aria-label', `${this.options.label}. ${this.series.map((one) => `${one.name} ${this.last(one)}`).join(', ')}. ${t('chart.axis', { low: low!, high: high! })}`);
  }

  // An axis of whole numbers gets no fractional ticks.
  private get wholeNumbersOnly(): boolean {
    return this.series.every((one) => one.values.every((value) => value === null || Number.isInteger(value)));
  }

  private build(): void {
    this.plot?.destroy();
    const { options } = this;
    const shown = this.shown;
    this.layers = this.layer();
    this.measure();
    // Two series of bars that are not stacked are drawn side by side at their time.
    const pair = options.bars && !options.stacked && shown.length === 2;
    const paths = (index: number): uPlot.Series.PathBuilder | undefined =>
      options.bars ? uPlot.paths.bars!({ size: [pair ? 0.4 : 0.8, pair ? 20 : 40], align: pair && index === 0 ? -1 : 1 }) : options.steps ? uPlot.paths.stepped!({ align: 1 }) : undefined;
    // Stacked areas and bars are drawn opaque, because pale colours have too little contrast.
    const opacity = Math.round((options.stacked || options.bars ? 1 : options.fill ?? 0) * 255).toString(16).padStart(2, '0');
    const grid = { stroke: () => styleColor('--line'), width: 1 };
    const axis = { stroke: () => styleColor('--soft'), grid, ticks: { ...grid, size: 4 }, font: '11px system-ui, sans-serif' };
    this.plot = new uPlot({
      width: Math.max(50, this.plotted.clientWidth),
      height: this.height(),
      legend: { show: false },
      padding: [8, 16, 0, 0],
      cursor: {
        y: false,
        drag: { x: options.onZoom !== undefined, y: false, setScale: false },
        points: { size: 6 },
        ...(options.sync ? { sync: { key: options.sync } } : {}),
      },
      scales: {
        x: { time: true, range: () => this.range },
        y: { range: (_, min, max) => this.yRange(min, max) },
      },
      axes: [
        { ...axis, size: (_, values) => (values?.some((value) => value?.includes('\n')) ? 42 : 28), space: 70, values: (_, ticks) => timeTicks(ticks) },
        { ...axis, ...(this.wholeNumbersOnly ? { incrs: wholeSteps } : {}), size: (_, values) => 12 + 6.4 * Math.max(3, ...(values ?? []).map((value) => value.length)), values: (_, ticks) => ticks.map((tick) => options.format(tick)) },
      ],
      series: [
        {},
        ...this.layers.map(({ of }): uPlot.Series => ({
          label: shown[of]!.name,
          stroke: shown[of]!.color,
          width: options.bars ? 0 : options.stacked ? 1 : 1.75,
          ...(opacity === '00' ? {} : { fill: shown[of]!.color + opacity, fillTo: 0 }),
          ...(paths(of) ? { paths: paths(of)! } : {}),
          ...(shown[of]!.dashed ? { dash: [6, 3] } : {}),
          points: { show: !options.bars && this.x.length < 3 },
          spanGaps: options.spanGaps ?? false,
        })),
      ],
      ...(options.stacked ? { bands: this.bands() } : {}),
      hooks: {
        draw: [(plot) => this.drawThresholds(plot), (plot) => this.drawPeaks(plot)],
        setCursor: [() => this.showTip()],
        setSelect: [(plot) => this.zoom(plot)],
      },
    }, this.data(), this.plotted);
    this.plot.over.append(this.tip);
    this.buildLegend();
  }

  // Each layer is filled to the one it stands on, or hangs from.
  private bands(): uPlot.Band[] {
    return this.layers.flatMap(({ below }, i) => (i > 0 && this.layers[i - 1]!.below === below ? [{ series: [i + 1, i] as [number, number], dir: below ? 1 : -1 as const }] : []));
  }

  private buildLegend(): void {
    this.legend.hidden = this.series.length < 2;
    setChildren(this.legend, ...this.series.map((one) => h('button', {
      type: 'button', class: 'legend-item', 'aria-pressed': String(!this.hidden.has(one.name)), '--mark': one.color,
      onclick: () => {
        if (!this.hidden.delete(one.name)) this.hidden.add(one.name);
        this.build();
      },
    }, h('span', { class: 'mark', 'aria-hidden': 'true' }), one.name)));
  }

  private height(): number {
    return this.options.height ?? Math.max(80, this.plotted.clientHeight);
  }

  private yRange(min: number | null, max: number | null): [number, number] {
    const { options } = this;
    const low = options.min ?? Math.min(0, min ?? 0);
    if (this.cutAt !== undefined) return [low, this.cutAt];
    const high = options.max ?? Math.max(max ?? 0, low);
    return high > low ? [low, options.max ?? low + (high - low) * 1.08] : [low, low + 1];
  }

  private rescale(): void {
    const plot = this.plot!;
    plot.batch(() => {
      plot.setScale('x', { min: this.range[0], max: this.range[1] });
    });
  }

  private resize(): void {
    const width = this.plotted.clientWidth;
    if (this.plot && width > 0) this.plot.setSize({ width, height: this.height() });
  }

  private drawThresholds(plot: uPlot): void {
    const { ctx, bbox } = plot;
    for (const { value, color } of this.options.thresholds ?? []) {
      const y = plot.valToPos(value, 'y', true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.save();
      ctx.strokeStyle = color;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.restore();
    }
  }

  // A mark at the upper edge for every point that reaches beyond it.
  private drawPeaks(plot: uPlot): void {
    if (this.cutAt === undefined) return;
    const { ctx, bbox } = plot;
    const size = 5 * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = styleColor('--warn');
    for (const [at, second] of this.x.entries()) {
      if (!this.layers.some((layer) => (layer.values[at] ?? 0) > this.cutAt!)) continue;
      const x = plot.valToPos(second, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x + size, bbox.top + 1.6 * size);
      ctx.lineTo(x - size, bbox.top + 1.6 * size);
      ctx.fill();
    }
    ctx.restore();
  }

  private zoom(plot: uPlot): void {
    if (this.hasPointerOrFocus && plot.select.width > 4) this.options.onZoom?.(plot.posToVal(plot.select.left, 'x') * 1000, plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  // The cursors of all charts of a page move together; only the chart under the pointer shows its tip and zooms.
  private get hasPointerOrFocus(): boolean {
    return this.plotted.matches(':hover, :focus');
  }

  private showTip(): void {
    const index = this.plot?.cursor.idx;
    const at = index === null || index === undefined ? undefined : this.x[index];
    this.tip.hidden = at === undefined || !this.hasPointerOrFocus || (this.plot?.cursor.left ?? -1) < 0;
    if (this.tip.hidden || at === undefined) return;
    setChildren(this.tip, h('strong', {}, moment(at * 1000, true)),
      ...this.shown.slice(0, 14).map((one) => {
        const value = one.values[index!];
        return h('div', { '--mark': one.color }, h('span', { class: 'mark' }), one.name, h('b', {}, value === null || value === undefined ? t('none') : this.options.format(value)));
      }));
    const plot = this.plot!;
    const right = plot.cursor.left! > plot.over.clientWidth / 2;
    this.tip.style.left = right ? '' : `${plot.cursor.left! + 12}px`;
    this.tip.style.right = right ? `${plot.over.clientWidth - plot.cursor.left! + 12}px` : '';
  }

  private onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!step || !this.plot || this.x.length === 0) return;
    event.preventDefault();
    const index = Math.min(this.x.length - 1, Math.max(0, (this.plot.cursor.idx ?? this.x.length) + step));
    this.plot.setCursor({ left: this.plot.valToPos(this.x[index]!, 'x'), top: 10 });
  }
}

const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
