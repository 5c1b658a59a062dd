import { Bars } from '../base/parts';
import type { PanelAnswer } from '../grafana/model';
import type { Drawing, View } from './drawing';
import { valuesOf } from './values';

/** A bar per value. */
export class BarGauge implements Drawing {
  private readonly bars = new Bars();
  readonly element = this.bars.element;

  show(answer: PanelAnswer, { panel }: View): boolean {
    const values = valuesOf(answer, panel);
    const most = Math.max(...values.map(({ field, value }) => field.settings.max ?? value ?? 0), 1e-9);
    this.bars.show(values.map(({ field, name, value }) => ({
      key: field.name, name, share: (value ?? 0) / most, text: field.text(value), color: field.valueColor(value),
    })));
    return values.length > 0;
  }
}
