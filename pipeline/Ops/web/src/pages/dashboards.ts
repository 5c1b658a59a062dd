import { get } from '../base/api';
import { h, setChildren } from '../base/dom';
import { describeFailure } from '../base/failure';
import { language, t } from '../base/language';
import type { Page } from '../base/page';
import { emptyState } from '../base/parts';

/** A dashboard in the list. */
export interface DashboardEntry {
  uid: string;
  title: { en: string; zh: string };
  tags: string[];
}

/** The list of dashboards. */
export function dashboardsPage(): Page {
  const list = h('ul', { class: 'dash-list' });
  const leaving = new AbortController();
  return {
    title: t('dash.title'),
    element: h('div', { class: 'dash-index' }, h('h1', {}, t('dash.title')), h('p', { class: 'note' }, t('dash.intro')), list),
    opened: () => {
      get<DashboardEntry[]>('/v1/dashboards', leaving.signal).then(
        (entries) => setChildren(list, ...(entries.length > 0 ? entries.map(item) : [h('li', {}, emptyState(t('dash.empty')))])),
        (error: Error) => {
          const { title, detail } = describeFailure(error, t('page.failed'));
          if (!leaving.signal.aborted) setChildren(list, h('li', {}, emptyState(title, detail === null ? null : h('p', {}, detail))));
        });
    },
    close: () => leaving.abort(),
  };
}

const item = ({ uid, title, tags }: DashboardEntry): HTMLElement => h('li', {},
  h('a', { href: `/dashboards/${encodeURIComponent(uid)}` }, h('strong', {}, title[language]), h('span', { class: 'note' }, tags.join(' · '))));
