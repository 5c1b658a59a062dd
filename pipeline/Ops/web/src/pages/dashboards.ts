import { get } from '../base/api';
import { h, put } from '../base/dom';
import { language, t } from '../base/language';
import type { Page } from '../base/page';
import { emptyState } from '../base/parts';

/** A dashboard in the list. */
export interface Entry {
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
      get<Entry[]>('/v1/dashboards', leaving.signal).then(
        (entries) => put(list, ...(entries.length > 0 ? entries.map(item) : [h('li', {}, emptyState(t('dash.empty')))])),
        (error: Error) => leaving.signal.aborted || put(list, h('li', {}, emptyState(t('panel.failed'), h('p', {}, error.message)))));
    },
    close: () => leaving.abort(),
  };
}

const item = ({ uid, title, tags }: Entry): HTMLElement => h('li', {},
  h('a', { href: `/dashboards/${encodeURIComponent(uid)}` }, h('strong', {}, title[language]), h('span', { class: 'note' }, tags.join(' · '))));
