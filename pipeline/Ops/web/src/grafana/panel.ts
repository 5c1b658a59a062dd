import { ApiError, post } from '../base/api';
import { h, put, say, type Child } from '../base/dom';
import { moment } from '../base/format';
import { half, t } from '../base/language';
import { emptyState } from '../base/parts';
import type { Drawing, View } from '../panels/drawing';
import { drawings } from '../panels/drawings';
import { linkUrl, type Choice } from './context';
import type { PanelAnswer, PanelFile } from './model';
import { bucket, resolve, width } from './range';
import { ownText } from './text';

const retry = 5000;
const wholeEvery = 5000;

/** One panel of a dashboard: its frame, its queries, and what is shown when there is nothing to draw. */
export class Panel {
  readonly element: HTMLElement;
  /** Whether the panel is on the screen; others ask nothing. */
  visible = false;
  private readonly title: string;
  private readonly body = h('div', { class: 'panel-body' });
  private readonly note = h('p', { class: 'panel-note note', hidden: true });
  private readonly links = h('span', { class: 'panel-links' });
  private readonly drawing: Drawing | undefined;
  private choice: Choice | undefined;
  private answered: { at: number; to: number; intervalMs: number } | undefined;
  private wanted = false;
  private asking: AbortController | undefined;
  private timer = 0;
  private answeredAt = 0;
  private stalledSince: number | undefined;

  constructor(private readonly uid: string, private readonly file: PanelFile, private readonly zoom: (from: number, to: number) => void) {
    this.title = half(file.title ?? '');
    const { x, y, w, h: height } = file.gridPos;
    this.drawing = drawings[file.type]?.();
    this.element = h('section', { class: `panel panel-${file.type}`, 'aria-label': this.title, 'data-panel': file.id, '--x': x + 1, '--y': y + 1, '--w': w, '--h': height },
      h('header', {}, h('h2', {}, this.title), this.links, this.about()), this.note, this.body);
    if (!this.drawing) put(this.body, emptyState(t('panel.unsupported', { type: file.type }), h('p', {}, t('panel.unsupportedDetail'))));
    else if (this.hasQueries) put(this.body, h('p', { class: 'note loading' }, t('panel.loading')));
  }

  /** Shows the panel for another choice, at once when it is on the screen, else when it comes there. */
  choose(choice: Choice): void {
    this.choice = choice;
    this.wanted = true;
    put(this.links, ...(this.file.links ?? []).filter((link) => link.url).map((link) =>
      h('a', { href: linkUrl(link.url!, choice), title: half(link.title), 'aria-label': `${this.title}: ${half(link.title)}` }, '↗')));
    if (this.visible) void this.load();
  }

  /** Called when it comes on the screen. */
  appear(): void {
    this.visible = true;
    if (this.wanted) void this.load();
  }

  /** Asks for everything again. */
  refresh(): void {
    if (this.visible) void this.load();
    else this.wanted = true;
  }

  /** New rows have landed: asks for what came since, and adds it to what is drawn. */
  async follow(): Promise<void> {
    const { drawing, answered, choice } = this;
    if (!this.visible || this.asking || !drawing || !choice || !this.hasQueries) return;
    if (!answered || !drawing.append || !this.canAppend) {
      if (!answered || Date.now() - answered.at >= wholeEvery) await this.load();
      return;
    }
    const range = resolve(choice.range);
    if (!range) return;
    // The last bucket was not over, and the one before may have got late events.
    const since = Math.floor(answered.to / answered.intervalMs) * answered.intervalMs - answered.intervalMs;
    await this.ask({ from: Math.max(range.from, since), to: range.to, intervalMs: answered.intervalMs }, (answer) => {
      drawing.append!(answer, since, this.view(choice, range));
      this.answered = { ...answered, to: range.to };
    });
  }

  /** No newer figures can come since then: what is drawn is marked with its age, until an answer comes. Undefined: they can again. */
  stall(since: number | undefined): void {
    if (this.stalledSince === since) return;
    this.stalledSince = since;
    if (since !== undefined) this.mark(t('panel.stale'));
    else if (!this.note.hidden) this.refresh();
  }

  close(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.drawing?.close?.();
  }

  private get hasQueries(): boolean {
    return (this.file.targets?.length ?? 0) > 0;
  }

  // A query that looks at neighbouring rows says something else about the last few buckets alone.
  private get canAppend(): boolean {
    return !this.file.targets!.some(({ rawSql }) => /\bOVER\s*\(|running|neighbor/i.test(rawSql ?? ''));
  }

  private view(choice: Choice, range: { from: number; to: number }): View {
    return { panel: this.file, title: this.title, choice, ...range, zoom: this.zoom };
  }

  private async load(): Promise<void> {
    const { drawing, choice } = this;
    const range = choice && resolve(choice.range);
    if (!drawing || !choice || !range) return;
    this.wanted = false;
    this.asking?.abort();
    this.asking = undefined;
    if (!this.hasQueries) {
      drawing.show({ intervalMs: 0, targets: [] }, this.view(choice, range));
      put(this.body, drawing.element);
      return;
    }
    const points = Math.max(30, Math.min(this.file.maxDataPoints ?? 400, Math.round(this.body.clientWidth / 3)));
    const intervalMs = Math.max(bucket(range.from, range.to, points), width(this.file.interval));
    await this.ask({ ...range, intervalMs }, (answer) => {
      // In the document before it draws: charts measure their place.
      if (!drawing.element.isConnected) put(this.body, drawing.element);
      const something = drawing.show(answer, this.view(choice, range));
      if (!something) put(this.body, emptyState(t('panel.empty'), h('p', {}, t('panel.emptyDetail'))));
      this.answered = something ? { at: Date.now(), to: range.to, intervalMs: answer.intervalMs } : undefined;
    });
  }

  private async ask(range: { from: number; to: number; intervalMs: number }, show: (answer: PanelAnswer) => void): Promise<void> {
    const asking = (this.asking = new AbortController());
    clearTimeout(this.timer);
    this.element.setAttribute('aria-busy', 'true');
    try {
      const body = { from: Math.round(range.from), to: Math.round(range.to), intervalMs: range.intervalMs, variables: this.choice!.variables };
      const answer = await post<PanelAnswer>(`/v1/dashboards/${encodeURIComponent(this.uid)}/panels/${this.file.id}`, body, asking.signal);
      if (asking.signal.aborted) return;
      this.note.hidden = true;
      this.answeredAt = Date.now();
      show(answer);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.fail(error as Error);
    } finally {
      if (this.asking === asking) {
        this.asking = undefined;
        this.element.removeAttribute('aria-busy');
      }
    }
  }

  // What was drawn stays, with its age; an empty panel says calmly what is the matter. Both heal by themselves.
  private fail(error: Error): void {
    const passes = error instanceof ApiError && error.passes && error.status !== 500;
    const title = passes ? t('panel.away') : error instanceof ApiError && error.status === 422 ? t('panel.tooMuch') : t('panel.failed');
    if (this.answered) this.mark(title);
    else put(this.body, emptyState(title, h('p', {}, passes ? t('panel.awayDetail') : error.message)));
    if (passes) this.timer = window.setTimeout(() => this.refresh(), retry);
    if (!(error instanceof ApiError)) console.error(error);
  }

  private mark(title: string): void {
    this.note.hidden = !this.hasQueries;
    say(this.note, this.answeredAt > 0 ? `${title} · ${t('dash.updated', { when: moment(this.answeredAt, true) })}` : title);
  }

  private about(): Child {
    if (!this.file.description) return null;
    const text = h('div', { class: 'panel-about', hidden: true }, ...ownText(this.file.description).split('\n\n').map((part) => h('p', {}, part)));
    const button = h('button', {
      type: 'button', class: 'about', 'aria-expanded': 'false', 'aria-label': t('panel.about', { title: this.title }),
      onclick: () => {
        text.hidden = !text.hidden;
        button.setAttribute('aria-expanded', String(!text.hidden));
      },
    }, 'i');
    return h('span', { class: 'about-place' }, button, text);
  }
}
