import { ApiError, post } from '../base/api';
import { h, setChildren, setText, type Child } from '../base/dom';
import { describeFailure } from '../base/failure';
import { moment } from '../base/format';
import { ownHalf, t } from '../base/language';
import { emptyState } from '../base/parts';
import type { Drawing, View } from '../panels/drawing';
import { drawings } from '../panels/drawings';
import { linkUrl, type Choice } from './choice';
import type { PanelAnswer, PanelFile } from './model';
import { bucketMs, resolve, parseIntervalMs } from './range';
import { ownText } from './text';

const retryAfterMs = 5000;
const fullReloadIntervalMs = 5000;

/** One panel of a dashboard: its frame, its queries, and what is shown when there is nothing to draw. */
export class Panel {
  readonly element: HTMLElement;
  /** Whether the panel is on the screen. A panel that is not sends no queries. */
  visible = false;
  private readonly title: string;
  private readonly body = h('div', { class: 'panel-body' });
  private readonly note = h('p', { class: 'panel-note note', hidden: true });
  private readonly links = h('span', { class: 'panel-links' });
  private readonly drawing: Drawing | undefined;
  private choice: Choice | undefined;
  private lastAnswer: { at: number; to: number; intervalMs: number } | undefined;
  private needsLoad = false;
  private request: AbortController | undefined;
  private timer = 0;
  private answeredAtMs = 0;
  private stalledSince: number | undefined;

  constructor(private readonly uid: string, private readonly file: PanelFile, private readonly zoom: (from: number, to: number) => void) {
    this.title = ownHalf(file.title ?? '');
    const { x, y, w, h: height } = file.gridPos;
    this.drawing = drawings[file.type]?.();
    this.element = h('section', { class: `panel panel-${file.type}`, 'aria-label': this.title, 'data-panel': file.id, '--x': x + 1, '--y': y + 1, '--w': w, '--h': height },
      h('header', {}, h('h2', {}, this.title), this.links, this.about()), this.note, this.body);
    if (!this.drawing) setChildren(this.body, emptyState(t('panel.unsupported', { type: file.type }), h('p', {}, t('panel.unsupportedDetail'))));
    else if (this.hasQueries) setChildren(this.body, h('p', { class: 'note loading' }, t('panel.loading')));
  }

  /** Shows the panel for another choice, at once when it is on the screen, else when it comes there. */
  choose(choice: Choice): void {
    this.choice = choice;
    this.needsLoad = true;
    setChildren(this.links, ...(this.file.links ?? []).filter((link) => link.url).map((link) =>
      h('a', { href: linkUrl(link.url!, choice), title: ownHalf(link.title), 'aria-label': `${this.title}: ${ownHalf(link.title)}` }, '↗')));
    if (this.visible) void this.load();
  }

  /** Called when it comes on the screen. */
  appear(): void {
    this.visible = true;
    if (this.needsLoad) void this.load();
  }

  /** Asks for everything again. */
  refresh(): void {
    if (this.visible) void this.load();
    else this.needsLoad = true;
  }

  /** Asks for the rows that were stored since the last answer, and adds them to what is drawn. */
  async follow(): Promise<void> {
    const { drawing, lastAnswer, choice } = this;
    if (!this.visible || this.request || !drawing || !choice || !this.hasQueries) return;
    if (!lastAnswer || !drawing.append || !this.canAppend) {
      if (!lastAnswer || Date.now() - lastAnswer.at >= fullReloadIntervalMs) await this.load();
      return;
    }
    const range = resolve(choice.range);
    if (!range) return;
    // The last bucket was incomplete, and late events may belong to the one before it.
    const since = Math.floor(lastAnswer.to / lastAnswer.intervalMs) * lastAnswer.intervalMs - lastAnswer.intervalMs;
    await this.ask({ from: Math.max(range.from, since), to: range.to, intervalMs: lastAnswer.intervalMs }, (answer) => {
      drawing.append!(answer, since, this.view(choice, range));
      this.lastAnswer = { ...lastAnswer, to: range.to };
    });
  }

  /** Marks the panel as stale since this time, until the next answer; undefined ends that. */
  stall(since: number | undefined): void {
    if (this.stalledSince === since) return;
    this.stalledSince = since;
    // A panel that never had an answer shows why; there is nothing on it that could be stale.
    if (since === undefined && (!this.note.hidden || !this.lastAnswer)) this.refresh();
    else if (since !== undefined && this.answeredAtMs > 0) this.mark(t('panel.stale'));
  }

  close(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    this.drawing?.close?.();
  }

  private get hasQueries(): boolean {
    return (this.file.targets?.length ?? 0) > 0;
  }

  // A query with window functions gives other results when it reads only the last buckets.
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
    this.needsLoad = false;
    this.request?.abort();
    this.request = undefined;
    if (!this.hasQueries) {
      drawing.show({ intervalMs: 0, targets: [] }, this.view(choice, range));
      setChildren(this.body, drawing.element);
      return;
    }
    const points = Math.max(30, Math.min(this.file.maxDataPoints ?? 400, Math.round(this.body.clientWidth / 3)));
    const intervalMs = Math.max(bucketMs(range.from, range.to, points), parseIntervalMs(this.file.interval));
    await this.ask({ ...range, intervalMs }, (answer) => {
      // Charts measure their element, so it must be in the document before they draw.
      if (!drawing.element.isConnected) setChildren(this.body, drawing.element);
      const something = drawing.show(answer, this.view(choice, range));
      if (!something) setChildren(this.body, emptyState(t('panel.empty'), h('p', {}, t('panel.emptyDetail'))));
      this.lastAnswer = something ? { at: Date.now(), to: range.to, intervalMs: answer.intervalMs } : undefined;
    });
  }

  private async ask(range: { from: number; to: number; intervalMs: number }, show: (answer: PanelAnswer) => void): Promise<void> {
    const request = (this.request = new AbortController());
    clearTimeout(this.timer);
    this.element.setAttribute('aria-busy', 'true');
    try {
      const body = { from: Math.round(range.from), to: Math.round(range.to), intervalMs: range.intervalMs, variables: this.choice!.variables };
      const answer = await post<PanelAnswer>(`/v1/dashboards/${encodeURIComponent(this.uid)}/panels/${this.file.id}`, body, request.signal);
      if (request.signal.aborted) return;
      this.note.hidden = true;
      this.answeredAtMs = Date.now();
      show(answer);
    } catch (error) {
      if (request.signal.aborted) return;
      this.fail(error as Error);
    } finally {
      if (this.request === request) {
        this.request = undefined;
        this.element.removeAttribute('aria-busy');
      }
    }
  }

  // A drawn panel stays and is marked with its age; an empty panel shows the error. The query is repeated after 5 seconds if that may help.
  private fail(error: Error): void {
    const { title, detail } = describeFailure(error, t('panel.failed'));
    const mayPass = error instanceof ApiError && error.mayPass;
    if (this.lastAnswer) this.mark(title);
    else setChildren(this.body, emptyState(title, h('p', {}, detail, mayPass ? ` ${t('panel.retried')}` : null)));
    if (mayPass) this.timer = window.setTimeout(() => this.refresh(), retryAfterMs);
    if (!(error instanceof ApiError)) console.error(error);
  }

  private mark(title: string): void {
    this.note.hidden = !this.hasQueries;
    setText(this.note, `${title} · ${t('dash.updated', { when: moment(this.answeredAtMs, true) })}`);
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
