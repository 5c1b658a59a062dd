import { seriesColor } from '../base/colors';
import { h, setText } from '../base/dom';
import { count, moment } from '../base/format';
import { t, codeName } from '../base/language';
import { Bars, card, emptyState } from '../base/parts';
import type { HistoryPoint, Sample } from '../base/sample';
import { stale, sum, type NowCard } from './now-card';

const order = ['awareness', 'interest', 'engagement', 'conversion', 'loyalty', 'dormant', 'lapsed', 'recovered'];
const rest = 7;

/** Members by lifecycle stage, as a funnel. */
export class StagesCard implements NowCard {
  private readonly bars = new Bars();
  private readonly empty = emptyState(t('now.stagesEmpty'));
  private readonly note = h('span');
  readonly element = card(t('now.stages'), { note: this.note }, this.bars.element, this.empty);

  show(sample: Sample, _history: HistoryPoint[]): void {
    const stages = sample.stages;
    const there = stages !== null && sum(stages.members) > 0;
    this.empty.hidden = there;
    this.bars.element.hidden = !there;
    if (!there) return;
    // Fresh figures need no date; old ones do.
    setText(this.note, stale(sample, stages.at) ? `${t('panel.stale')} · ${t('now.stagesAge', { when: moment(stages.at, true) })}` : '');
    const known = [...order, ...Object.keys(stages.members).filter((stage) => !order.includes(stage))];
    const most = Math.max(...Object.values(stages.members));
    this.bars.show(known.map((stage, i) => ({
      key: stage, name: codeName(stage), share: (stages.members[stage] ?? 0) / most, text: count(stages.members[stage] ?? 0),
      color: stage === 'dormant' || stage === 'lapsed' ? seriesColor(rest) : stage === 'recovered' ? seriesColor(2) : i < 5 ? seriesColor(0) : seriesColor(4),
    })));
  }
}

/** What was rejected since the start, and why. */
export class RejectsCard implements NowCard {
  private readonly bars = new Bars();
  private readonly empty = emptyState(t('now.rejectsEmpty'));
  readonly element = card(t('now.rejects'), {}, this.bars.element, this.empty);

  show(sample: Sample, _history: HistoryPoint[]): void {
    const reasons = Object.entries(sample.totals.rejected).sort((a, b) => b[1] - a[1]).slice(0, 8);
    this.empty.hidden = reasons.length > 0;
    this.bars.element.hidden = reasons.length === 0;
    const most = reasons[0]?.[1] ?? 1;
    this.bars.show(reasons.map(([reason, n]) => ({ key: reason, name: codeName(reason), share: n / most, text: count(n), color: seriesColor(5) })));
  }
}
