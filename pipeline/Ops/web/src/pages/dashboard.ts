import { get, type ApiError } from '../base/api';
import { h, setChildren } from '../base/dom';
import { describeFailure } from '../base/failure';
import { fullMoment } from '../base/format';
import { ownHalf, language, t } from '../base/language';
import { live } from '../base/live';
import type { Page } from '../base/page';
import { emptyState } from '../base/parts';
import type { Choice } from '../grafana/choice';
import { rangeControl, refreshSeconds, refreshControl } from '../grafana/controls';
import type { DashboardFile } from '../grafana/model';
import { Panel } from '../grafana/panel';
import { isLive, resolve, type Range } from '../grafana/range';
import { silentSince } from '../base/state';
import { titlePage } from '../base/title';
import { ownText } from '../grafana/text';
import { all, choosable, variableControl } from '../grafana/variables';
import type { DashboardEntry } from './dashboards';

const slideIntervalMs = 10_000;
const followIntervalMs = 800;

/** One dashboard, drawn from its Grafana file. The choice of range and variables is kept in the address bar in Grafana's form. */
export function dashboardPage(uid: string): Page {
  const element = h('div', { class: 'dash' });
  const leaving = new AbortController();
  let shown: DashboardView | undefined;
  return {
    title: t('dash.title'),
    element,
    opened: () => {
      Promise.all([get<DashboardFile>(`/v1/dashboards/${encodeURIComponent(uid)}`, leaving.signal), get<DashboardEntry[]>('/v1/dashboards', leaving.signal)]).then(
        ([file, entries]) => {
          shown = new DashboardView(element, file, entries);
          titlePage(ownHalf(file.title));
        },
        (error: ApiError) => {
          if (!leaving.signal.aborted) setChildren(element, emptyState(error.status === 404 ? t('dash.unknown') : describeFailure(error, t('page.failed')).title, h('p', {}, h('a', { href: '/dashboards' }, t('dash.title')))));
        });
    },
    close: () => {
      leaving.abort();
      shown?.close();
    },
  };
}

class DashboardView {
  private readonly panels: Panel[];
  private readonly toolbar = h('div', { class: 'dash-tools' });
  private readonly hint = h('div', { class: 'dash-hint', hidden: true });
  private readonly observer = new IntersectionObserver((entries) => this.onScreen(entries), { rootMargin: '200px' });
  private readonly unwatch: () => void;
  private tools = new AbortController();
  private choice: Choice;
  private rate: string;
  private timer = 0;
  private blocks = -1;
  private followedAt = 0;

  constructor(element: HTMLElement, private readonly file: DashboardFile, private readonly entries: DashboardEntry[]) {
    const search = new URLSearchParams(location.search);
    const range: Range = { from: search.get('from') ?? file.time?.from ?? 'now-6h', to: search.get('to') ?? file.time?.to ?? 'now' };
    const variables = Object.fromEntries(choosable(file.templating?.list ?? []).map((variable) => {
      const values = search.getAll(`var-${variable.name}`);
      return [variable.name, values.length > 0 ? values : [variable.includeAll ? all : '']];
    }));
    this.choice = { range, variables };
    this.rate = search.get('refresh') ?? 'live';
    this.panels = file.panels.filter((panel) => panel.type !== 'row').map((panel) => new Panel(file.uid, panel, (from, to) => this.change({ range: { from: String(Math.round(from)), to: String(Math.round(to)) } })));
    setChildren(element,
      h('div', { class: 'dash-head' }, h('div', {}, h('h1', {}, ownHalf(file.title)), file.description ? h('p', { class: 'note' }, ownText(file.description)) : null), this.toolbar),
      this.hint,
      h('div', { class: 'dash-grid' }, ...this.panels.map((panel) => panel.element)));
    for (const panel of this.panels) this.observer.observe(panel.element);
    this.apply();
    this.unwatch = live.watch(() => this.onLive());
  }

  close(): void {
    clearInterval(this.timer);
    this.tools.abort();
    this.unwatch();
    this.observer.disconnect();
    for (const panel of this.panels) panel.close();
  }

  private onScreen(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const panel = this.panels.find((one) => one.element === entry.target)!;
      if (entry.isIntersecting) panel.appear();
      else panel.visible = false;
    }
  }

  private change(change: { range?: Range; variables?: Record<string, string[]>; rate?: string }): void {
    this.choice = { range: change.range ?? this.choice.range, variables: { ...this.choice.variables, ...change.variables } };
    this.rate = change.rate ?? this.rate;
    const search = new URLSearchParams({ from: this.choice.range.from, to: this.choice.range.to, refresh: this.rate });
    for (const [name, values] of Object.entries(this.choice.variables)) for (const value of values) search.append(`var-${name}`, value);
    history.pushState(null, '', `${location.pathname}?${search}`);
    this.apply(change.variables === undefined);
  }

  // The toolbar is not redrawn after a change of variables, so that an open list stays open.
  private apply(tools = true): void {
    if (tools) this.drawTools();
    for (const panel of this.panels) panel.choose(this.choice);
    clearInterval(this.timer);
    const seconds = refreshSeconds[this.rate];
    if (seconds) this.timer = window.setInterval(() => document.hidden || this.panels.forEach((panel) => panel.refresh()), seconds * 1000);
    void this.suggestSpan();
  }

  private drawTools(): void {
    const { file, choice } = this;
    this.tools.abort();
    this.tools = new AbortController();
    const others = h('nav', { class: 'dash-nav', 'aria-label': t('dash.title') }, ...this.entries.map((entry) =>
      h('a', { href: `/dashboards/${encodeURIComponent(entry.uid)}${location.search}`, 'aria-current': entry.uid === file.uid ? 'page' : null }, entry.title[language])));
    setChildren(this.toolbar, others,
      h('div', { class: 'dash-controls' },
        ...choosable(file.templating?.list ?? []).map((variable) => variableControl(file.uid, variable, choice.variables[variable.name] ?? [], (values) => this.change({ variables: { [variable.name]: values } }), this.tools.signal)),
        rangeControl(choice.range, (range) => this.change({ range })),
        refreshControl(this.rate, (rate) => this.change({ rate }), () => this.panels.forEach((panel) => panel.refresh()))));
  }

  // New rows were stored, or 10 seconds have passed: the panels ask for the new part.
  private onLive(): void {
    const sample = live.now;
    const stalled = live.lostSince ?? (sample && (silentSince(sample) || undefined));
    for (const panel of this.panels) panel.stall(stalled);
    if (!sample || this.rate !== 'live' || !isLive(this.choice.range) || document.hidden) return;
    const now = Date.now();
    const landed = sample.clickHouse.blocks !== this.blocks;
    if ((!landed && now - this.followedAt < slideIntervalMs) || now - this.followedAt < followIntervalMs) return;
    this.blocks = sample.clickHouse.blocks;
    this.followedAt = now;
    for (const panel of this.panels) void panel.follow();
  }

  // Replayed events have old times. If the range contains none, a hint offers the range that does.
  private async suggestSpan(): Promise<void> {
    const range = resolve(this.choice.range);
    const span = await get<{ from: number | null; to: number | null }>('/v1/span').catch(() => undefined);
    this.hint.hidden = !range || !span?.from || !span.to || (span.to >= range.from && span.from <= range.to);
    if (this.hint.hidden || !span?.from || !span.to) return;
    const whole = { from: String(span.from), to: String(span.to + 60_000) };
    setChildren(this.hint, h('span', {}, t('dash.elsewhere', { from: fullMoment(span.from), to: fullMoment(span.to) })),
      h('button', { type: 'button', class: 'primary', onclick: () => this.change({ range: whole }) }, t('dash.showIt')));
  }
}
