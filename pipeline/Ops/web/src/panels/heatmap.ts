import { onSchemeChange, styleColor } from '../base/colors';
import { h, setChildren } from '../base/dom';
import { shortNumber, moment } from '../base/format';
import { Field } from '../grafana/field';
import { align, append, lines, type Line } from '../grafana/frame';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';

// Cividis: grows evenly in lightness, and looks the same to the colour-blind.
const scale = [[0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56]];
const left = 46, bottom = 20;

/** Counts by time and bucket as colours. Each row is a bucket; the lowest is at the bottom. */
export class Heatmap implements Drawing {
  private readonly canvas = h('canvas', { tabindex: 0, role: 'img' });
  private readonly tip = h('div', { class: 'chart-tip', hidden: true });
  private readonly scaleBar = h('div', { class: 'heat-scale' });
  readonly element = h('div', { class: 'fills heat' }, h('div', { class: 'heat-plot' }, this.canvas, this.tip), this.scaleBar);
  private readonly resized = new ResizeObserver(() => this.draw());
  private readonly unwatch = onSchemeChange(() => this.draw());
  private shown: Line[] = [];
  private view: View | undefined;

  constructor() {
    this.resized.observe(this.canvas.parentElement!);
    this.canvas.addEventListener('pointermove', (event) => this.point(event.offsetX, event.offsetY));
    this.canvas.addEventListener('pointerleave', () => (this.tip.hidden = true));
  }

  show(answer: PanelAnswer, view: View): boolean {
    this.shown = lines(answer);
    this.view = view;
    this.draw();
    return this.shown.length > 0;
  }

  append(answer: PanelAnswer, since: number, view: View): void {
    this.shown = append(this.shown, lines(answer), since, view.from);
    this.view = view;
    this.draw();
  }

  close(): void {
    this.resized.disconnect();
    this.unwatch();
  }

  private rows(): Line[] {
    return this.shown.toSorted((a, b) => (Number(a.name) - Number(b.name)) || a.name.localeCompare(b.name));
  }

  private draw(): void {
    const { view } = this;
    const box = this.canvas.parentElement!;
    const width = box.clientWidth, height = box.clientHeight;
    if (!view || width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    const rows = this.rows();
    const { x, values } = align(rows);
    const most = Math.max(1e-9, ...values.flat().map((value) => value ?? 0));
    const exponent = view.panel.options?.color?.exponent ?? 1;
    const cell = this.cell(x, rows.length, width, height);
    for (const [row, line] of values.entries()) {
      for (const [i, value] of line.entries()) {
        if (!value || value <= 0) continue;
        context.fillStyle = shade((value / most) ** exponent);
        context.fillRect(cell.left(x[i]!), cell.top(row), Math.max(1, cell.width - 1), Math.max(1, cell.height - 1));
      }
    }
    context.fillStyle = styleColor('--soft');
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'right';
    const every = Math.ceil(14 / cell.height);
    rows.forEach((line, row) => row % every === 0 && context.fillText(rowName(line.name), left - 6, cell.top(row) + cell.height / 2 + 4));
    context.textAlign = 'center';
    const texts = width - left > 560 ? [0.08, 0.36, 0.64, 0.92] : [0.17, 0.83];
    for (const share of texts) context.fillText(moment(view.from + (view.to - view.from) * share), left + (width - left) * share, height - 5);
    const name = new Field(view.panel, 'Value', 0);
    this.canvas.setAttribute('aria-label', `${view.title}. ${rows.map((line) => `${rowName(line.name)}: ${name.text([...line.points.values()].at(-1) ?? null)}`).join(', ')}`);
    setChildren(this.scaleBar, '0', h('span', { class: 'heat-bar', 'aria-hidden': 'true' }), shortNumber(most));
  }

  private cell(x: number[], rows: number, width: number, height: number): { left(at: number): number; top(row: number): number; width: number; height: number } {
    const { from, to } = this.view!;
    const step = Math.min(...x.slice(1).map((at, i) => at - x[i]!), to - from);
    const perMs = (width - left) / (to - from);
    const tall = (height - bottom) / Math.max(1, rows);
    return {
      left: (at) => Math.max(left, left + (at - from) * perMs),
      top: (row) => height - bottom - (row + 1) * tall,
      width: step * perMs,
      height: tall,
    };
  }

  private point(px: number, py: number): void {
    const box = this.canvas.parentElement!;
    const rows = this.rows();
    const { x, values } = align(rows);
    const cell = this.cell(x, rows.length, box.clientWidth, box.clientHeight);
    const row = Math.floor((box.clientHeight - bottom - py) / cell.height);
    const i = x.findIndex((at) => px >= cell.left(at) && px < cell.left(at) + cell.width);
    const value = values[row]?.[i];
    this.tip.hidden = !value;
    if (!value) return;
    setChildren(this.tip, h('strong', {}, moment(x[i]!)), h('div', {}, `≥ ${rowName(rows[row]!.name)}`, h('b', {}, shortNumber(value))));
    this.tip.style.left = `${Math.min(px + 12, box.clientWidth - 150)}px`;
  }
}

const rowName = (name: string): string => (Number.isFinite(Number(name)) && name !== '' ? shortNumber(Number(name)) : name);

function shade(share: number): string {
  const place = Math.max(0, Math.min(1, share)) * (scale.length - 1);
  const low = scale[Math.floor(place)]!, high = scale[Math.ceil(place)]!;
  return `rgb(${low.map((part, i) => Math.round(part + (high[i]! - part) * (place % 1))).join(' ')})`;
}
