import uPlot from 'uplot';
import { onSchemeChange, styleColor } from './colors';
import { h, put } from './dom';
import { locale, t } from './language';
import { moment } from './format';

export interface Series {
  name: string;
  color: string;
  /** One value per x; null where there is none. */
  values: (number | null)[];
}

export interface Threshold {
  value: number;
  color: string;
}

export interface ChartOptions {
  /** What the chart shows, for those who do not see it. */
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
  /** Same key: their cursors move together. */
  sync?: string;
  onZoom?: (from: number, to: number) => void;
}

/**
 * A time series chart. `show` may be called every second: the plot is kept and only its data changes, unless other series come.
 * Arrow keys move its cursor, and what lies under it is said.
 */
export class Chart {
  readonly element: HTMLElement;
  private readonly plotted = h('div', { class: 'chart-plot' });
  private readonly tip = h('div', { class: 'chart-tip', hidden: true });
  private readonly legend = h('div', { class: 'chart-legend' });
  private readonly hidden = new Set<string>();
  private readonly resized: ResizeObserver;
  private readonly unwatch: () => void;
  private plot: uPlot | undefined;
  private x: number[] = [];
  private range: [number, number] = [0, 1];
  private series: Series[] = [];
  private drawn = '';

  constructor(private readonly options: ChartOptions) {
    this.plotted.tabIndex = 0;
    this.plotted.setAttribute('role', 'img');
    this.plotted.addEventListener('keydown', (event) => this.onKey(event));
    this.plotted.addEventListener('blur', () => this.plot?.setCursor({ left: -10, top: -10 }));
    this.tip.setAttribute('aria-live', 'polite');
    this.element = h('div', { class: 'chart' }, this.plotted, this.legend);
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(this.plotted);
    this.unwatch = onSchemeChange(() => this.plot?.redraw(false));
  }

  /** Draws these series over these times (epoch milliseconds). */
  show(x: number[], series: Series[], from = x[0] ?? 0, to = x.at(-1) ?? 1): void {
    this.x = x.map((at) => at / 1000);
    this.range = [from / 1000, Math.max(to, from + 1) / 1000];
    this.series = series;
    this.plotted.setAttribute('aria-label', `${this.options.label}. ${series.map((one) => `${one.name} ${this.last(one)}`).join(', ')}`);
    const drawn = JSON.stringify(series.map((one) => [one.name, one.color]));
    if (!this.plot || drawn !== this.drawn) {
      this.drawn = drawn;
      this.build();
    } else {
      this.plot.setData(this.data(), false);
      this.rescale();
    }
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

  // Stacked: each series stands on the ones before it.
  private data(): uPlot.AlignedData {
    if (!this.options.stacked) return [this.x, ...this.shown.map((one) => one.values)] as uPlot.AlignedData;
    const sum = new Array<number>(this.x.length).fill(0);
    const rows = this.shown.map((one) => one.values.map((value, i) => (sum[i] = (sum[i] ?? 0) + (value ?? 0))));
    return [this.x, ...rows] as uPlot.AlignedData;
  }

  // Counts have no halves on their axis.
  private get whole(): boolean {
    return this.series.every((one) => one.values.every((value) => value === null || Number.isInteger(value)));
  }

  private build(): void {
    this.plot?.destroy();
    const { options } = this;
    const shown = this.shown;
    // Two kinds of bars that are not stacked stand side by side around their moment.
    const pair = options.bars && !options.stacked && shown.length === 2;
    const paths = (index: number): uPlot.Series.PathBuilder | undefined =>
      options.bars ? uPlot.paths.bars!({ size: [pair ? 0.4 : 0.8, pair ? 20 : 40], align: pair && index === 0 ? -1 : 1 }) : options.steps ? uPlot.paths.stepped!({ align: 1 }) : undefined;
    const opacity = Math.round((options.fill ?? (options.stacked || options.bars ? 0.75 : 0)) * 255).toString(16).padStart(2, '0');
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
        { ...axis, size: 28, space: 70, values: (_, ticks) => timeTicks(ticks) },
        { ...axis, ...(this.whole ? { incrs: wholeSteps } : {}), size: (_, values) => 12 + 6.4 * Math.max(3, ...(values ?? []).map((value) => value.length)), values: (_, ticks) => ticks.map((tick) => options.format(tick)) },
      ],
      series: [
        {},
        ...shown.map((one, index): uPlot.Series => ({
          label: one.name,
          stroke: one.color,
          width: options.bars ? 0 : options.stacked ? 1 : 1.75,
          ...(opacity === '00' ? {} : { fill: one.color + opacity }),
          ...(paths(index) ? { paths: paths(index)! } : {}),
          // Beyond the colours there are: other dashes.
          ...(index >= 9 ? { dash: [6, 3] } : {}),
          points: { show: !options.bars && this.x.length < 3 },
          spanGaps: options.spanGaps ?? false,
        })),
      ],
      ...(options.stacked ? { bands: shown.slice(1).map((_, i) => ({ series: [i + 2, i + 1] as [number, number] })) } : {}),
      hooks: {
        draw: [(plot) => this.drawThresholds(plot)],
        setCursor: [() => this.showTip()],
        setSelect: [(plot) => this.zoom(plot)],
      },
    }, this.data(), this.plotted);
    this.plot.over.append(this.tip);
    this.buildLegend();
  }

  private buildLegend(): void {
    this.legend.hidden = this.series.length < 2;
    put(this.legend, ...this.series.map((one) => h('button', {
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

  private zoom(plot: uPlot): void {
    if (this.attended && plot.select.width > 4) this.options.onZoom?.(plot.posToVal(plot.select.left, 'x') * 1000, plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  // Cursors move together over all charts of a page; words and zooming belong to the one under the pointer.
  private get attended(): boolean {
    return this.plotted.matches(':hover, :focus');
  }

  private showTip(): void {
    const index = this.plot?.cursor.idx;
    const at = index === null || index === undefined ? undefined : this.x[index];
    this.tip.hidden = at === undefined || !this.attended || (this.plot?.cursor.left ?? -1) < 0;
    if (this.tip.hidden || at === undefined) return;
    put(this.tip, h('strong', {}, moment(at * 1000, true)),
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

const formats = {
  second: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  minute: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' }),
  month: new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short' }),
};

function timeTicks(ticks: number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((tick) => {
    const time = new Date(tick * 1000);
    const midnight = time.getHours() === 0 && time.getMinutes() === 0;
    if (step >= 27 * 86_400) return formats.month.format(time);
    if (step >= 86_400 || (midnight && step >= 60)) return formats.day.format(time);
    return (step >= 60 || step <= 0 ? formats.minute : formats.second).format(time);
  });
}
