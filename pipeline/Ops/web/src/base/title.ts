import { t } from './language';
import { signs, type State } from './state';

let [page, state]: [string, State] = ['', 'opening'];

/** What the page shows: stands in the tab's title, behind how the system is. */
export function titlePage(title: string): void {
  page = title;
  write();
}

/** How the system is: a sign, and words when it is not well. Seen without opening the tab. */
export function titleState(now: State): void {
  state = now;
  write();
}

function write(): void {
  const words = state === 'waiting' || state === 'attention' || state === 'lost' ? `${t(`state.${state}`)} – ` : '';
  const title = `${signs[state]} ${words}${page} – ${t('app.name')}`;
  if (document.title !== title) document.title = title;
}
