import { fileColor } from '../base/colors';
import { Chart } from '../base/chart';
import { h } from '../base/dom';
import { Field } from '../grafana/field';
import { align, append, lines, type Line } from '../grafana/frame';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';

/** Lines, areas or bars over time. */
export class TimeSeries implements Drawing {
  readonly element = h('div', { class: 'fills' });
  private chart: Chart | undefined;
  private shown: Line[] = [];

  show(answer: PanelAnswer, view: View): boolean {
    this.shown = lines(answer);
    this.draw(view);
    return this.shown.length > 0;
  }

  append(answer: PanelAnswer, since: number, view: View): void {
    this.shown = append(this.shown, lines(answer), since, view.from);
    this.draw(view);
  }

  close(): void {
    this.chart?.destroy();
  }

  private draw(view: View): void {
    const { panel } = view;
    const fields = this.shown.map((line, i) => new Field(panel, line.name, i));
    const first = fields[0];
    if (!first) return;
    const { custom, thresholds, min, max } = first.settings;
    this.chart ??= new Chart({
      label: view.title,
      format: (value) => first.text(value),
      stacked: custom?.stacking?.mode === 'normal',
      bars: custom?.drawStyle === 'bars',
      steps: custom?.lineInterpolation?.startsWith('step') ?? false,
      fill: (custom?.fillOpacity ?? 0) / 100,
      spanGaps: custom?.spanNulls === true,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      thresholds: custom?.thresholdsStyle?.mode === 'line'
        ? (thresholds?.steps ?? []).filter((step) => step.value !== null).map((step) => ({ value: step.value!, color: fileColor(step.color) })) : [],
      sync: 'dashboard',
      onZoom: view.zoom,
    });
    if (!this.chart.element.isConnected) this.element.replaceChildren(this.chart.element);
    const { x, values } = align(this.shown);
    // With daily buckets all points may lie before a short range; the axis then starts at the first point.
    const from = (x.at(-1) ?? view.from) < view.from ? x[0]! : view.from;
    this.chart.show(x, this.shown.map((_, i) => ({ name: fields[i]!.title, color: fields[i]!.color, dashed: i >= 9, values: values[i]! })), from, view.to);
  }
}
