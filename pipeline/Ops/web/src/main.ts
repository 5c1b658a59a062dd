import 'uplot/dist/uPlot.min.css';
import './styles/page.css';
import './styles/now.css';
import './styles/member.css';
import './styles/dashboard.css';
import { h, setChildren, setText } from './base/dom';
import { Banner } from './base/banner';
import { language, t } from './base/language';
import { live } from './base/live';
import type { Page } from './base/page';
import { signs, stateOf } from './base/state';
import { titlePage, titleState } from './base/title';
import { dashboardPage } from './pages/dashboard';
import { dashboardsPage } from './pages/dashboards';
import { memberPage } from './pages/member';
import { nowPage } from './pages/now';

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

const content = h('main', { id: 'content', tabindex: '-1' });
const links = [
  ['/', t('nav.now')],
  ['/dashboards', t('nav.dashboards')],
  ['/members', t('nav.members')],
].map(([path, text]) => h('a', { href: path! }, text!));
const link = h('a', { class: 'link', href: '/' });
const banner = new Banner();

document.body.append(
  h('a', { class: 'skip', href: '#content' }, t('nav.skip')),
  h('header', { class: 'top' },
    h('a', { class: 'brand', href: '/' }, h('img', { src: '/assets/icon.svg', alt: '', width: 24, height: 24 }), t('app.name')),
    h('nav', { 'aria-label': t('nav.label') }, ...links),
    link),
  h('div', { class: 'frame' }, banner.element, content),
);

let page: Page | undefined;

/** Shows the page of the address bar. A page keeps its own search string; only another path opens another page. */
function open(): void {
  const [kind = '', segment = ''] = location.pathname.slice(1).split('/');
  const id = decoded(segment);
  page?.close();
  page = kind === 'members' ? memberPage(id) : kind === 'dashboards' ? (segment ? dashboardPage(id ?? segment) : dashboardsPage()) : nowPage();
  for (const one of links) {
    const path = one.getAttribute('href')!;
    if (path === '/' ? kind === '' : `/${kind}` === path) one.setAttribute('aria-current', 'page');
    else one.removeAttribute('aria-current');
  }
  titlePage(page.title);
  setChildren(content, page.element);
  page.opened?.();
  showState();
}

// Undefined where a percent sign begins no valid escape.
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

// Shows the system's state in the frame of the page and in the tab's title.
function showState(): void {
  const { state, lines } = stateOf(live);
  titleState(state);
  banner.show(state, lines, location.pathname === '/');
  link.dataset.state = state;
  setText(link, `${signs[state]} ${t(`state.${state}`)}`);
  content.classList.toggle('stale', state === 'lost');
}

document.addEventListener('click', (event) => {
  const anchor = (event.target as Element).closest('a');
  if (!anchor || anchor.target || anchor.origin !== location.origin || anchor.hash || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', anchor.href);
  open();
  scrollTo(0, 0);
  content.focus({ preventScroll: true });
});
addEventListener('popstate', open);

live.watch(showState);
live.start();
open();
