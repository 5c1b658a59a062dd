import { t } from './language';
import { signs, type State } from './state';

let [page, state]: [string, State] = ['', 'opening'];

/** Sets the page's part of the tab title, which follows the state. */
export function titlePage(title: string): void {
  page = title;
  write();
}

/** Sets the state in the tab title: a sign, and a text when something is wrong. */
export function titleState(now: State): void {
  state = now;
  write();
}

function write(): void {
  const words = state === 'waiting' || state === 'attention' || state === 'lost' ? `${t(`state.${state}`)} – ` : '';
  const title = `${signs[state]} ${words}${page} – ${t('app.name')}`;
  if (document.title !== title) document.title = title;
}
