import { h, setText } from '../base/dom';
import { ago, count, duration, shortNumber, moment } from '../base/format';
import { t } from '../base/language';
import type { HistoryPoint, Sample } from '../base/sample';
import { drawSpark, spark } from '../base/spark';
import { stale, sum } from './now-card';

interface Tile {
  value: HTMLElement;
  note: HTMLElement;
  line: SVGSVGElement;
}

const names = ['rate', 'active', 'latency', 'lag', 'commit', 'rejects'] as const;
const inactiveStages = new Set(['dormant', 'lapsed']);

/** The tiles with the main figures. */
export class Tiles {
  readonly element = h('dl', { class: 'tiles' });
  private readonly tiles = {} as Record<(typeof names)[number], Tile>;

  constructor() {
    for (const name of names) {
      const tile = { value: h('dd', { class: 'tile-value' }, '–'), note: h('dd', { class: 'tile-note' }), line: spark() };
      this.tiles[name] = tile;
      this.element.append(h('div', { class: 'tile' }, h('dt', {}, t(`tile.${name}`)), tile.value, tile.note, tile.line));
    }
  }

  show(sample: Sample, history: HistoryPoint[]): void {
    const recent = history.slice(-120);
    const { totals, broker, commit, latency, stages } = sample;
    this.showTile('rate', shortNumber(sum(sample.rates.events)), t('tile.rateNote', { n: shortNumber(sum(totals.events)) }), recent.map((point) => sum(point.events)));
    const members = stages ? sum(stages.members) : 0;
    const active = stages ? Object.entries(stages.members).reduce((total, [stage, n]) => total + (inactiveStages.has(stage) ? 0 : n), 0) : 0;
    this.showTile('active', stages ? shortNumber(active) : '–', !stages ? t('tile.unknown')
      : stale(sample, stages.at) ? t('tile.activeThen', { n: count(members), when: moment(stages.at, true) }) : t('tile.activeNote', { n: count(members) }));
    this.showTile('latency', latency ? duration(latency.p99) : '–', latency ? t('tile.latencyNote', { p50: duration(latency.p50) }) : '', recent.map((point) => point.p99 ?? 0));
    this.showTile('lag', broker.lag < 0 ? '–' : shortNumber(broker.lag), broker.lag === 0 ? t('tile.lagNone') : broker.lag < 0 ? t('tile.unknown') : t('tile.lagNote'),
      recent.map((point) => Math.max(0, point.lag)));
    this.showTile('commit', commit.at ? ago(commit.at, sample.at) : '–', commit.at ? t('tile.commitNote', { n: count(commit.number) }) : t('tile.commitNever'));
    this.showTile('rejects', shortNumber(sum(totals.rejected)), t('tile.rejectsNote', { rate: shortNumber(sum(sample.rates.rejected)) }), recent.map((point) => point.rejected));
  }

  private showTile(name: (typeof names)[number], value: string, note: string, line?: number[]): void {
    const tile = this.tiles[name];
    setText(tile.value, value);
    setText(tile.note, note);
    if (line) drawSpark(tile.line, line);
  }
}
