import { h, setChildren } from './dom';
import { t } from './language';
import { signs, type State } from './state';

/** The status line on top of every page: whether all is well, and if not, what is wrong and whether it is retried. */
export class Banner {
  readonly element = h('section', { class: 'banner', role: 'status', 'aria-live': 'polite', hidden: true });
  private shown = '';

  /** @param always Whether it is shown while all is well too. */
  show(state: State, lines: string[], always: boolean): void {
    this.element.hidden = state === 'opening' || (state === 'well' && !always);
    const key = JSON.stringify([state, lines]);
    if (key === this.shown) return;
    this.shown = key;
    this.element.dataset.state = state;
    setChildren(this.element,
      h('span', { class: 'banner-sign', 'aria-hidden': 'true' }, signs[state]),
      h('div', {}, h('strong', {}, t(`state.${state}`)),
        ...(state === 'well' ? [t('state.wellDetail')] : lines).map((line) => h('p', {}, line))));
  }
}
