import { get } from '../base/api';
import { h, setChildren, setText } from '../base/dom';
import { describeFailure } from '../base/failure';
import { ownHalf, t, codeName } from '../base/language';
import type { VariableFile } from './model';

export const all = '$__all';

/** The variables that a user can choose: without hidden ones and without the data source, because there is only one. */
export const choosable = (files: VariableFile[]): VariableFile[] => files.filter((file) => file.type !== 'datasource' && file.hide !== 2);

/**
 * The control of one variable: a text field, or a list that opens.
 * @param removed Aborted when the control is taken out of the document.
 */
export function variableControl(uid: string, file: VariableFile, values: string[], changed: (values: string[]) => void, removed: AbortSignal): HTMLElement {
  const name = ownHalf(file.label ?? file.name);
  if (file.type === 'textbox') {
    const input = h('input', { type: 'text', value: values[0] ?? '', spellcheck: 'false', onchange: () => changed([input.value.trim()]) });
    return h('label', { class: 'variable wide-variable' }, h('span', {}, name), input);
  }

  const summary = h('summary', {});
  const list = h('div', { class: 'options', role: 'group', 'aria-label': name });
  const details = h('details', { class: 'variable', 'data-variable': file.name }, summary, list);
  let options: string[] = [];
  let now = values;

  const showSummary = (): void => {
    const text = now.includes(all) || now.length === 0 ? t('dash.all') : now.length === 1 ? codeName(now[0]!) : t('dash.chosen', { n: now.length });
    setChildren(summary, h('span', {}, name), h('b', {}, text));
  };
  const choose = (option: string, on: boolean): void => {
    if (option === all || !file.multi) now = [option];
    else now = on ? [...now.filter((value) => value !== all), option] : now.filter((value) => value !== option);
    if (now.length === 0) now = [all];
    showSummary();
    for (const input of list.querySelectorAll('input')) input.checked = now.includes(input.value);
    changed(now);
  };
  const draw = (): void => setChildren(list, ...(file.includeAll ? [all, ...options] : options).map((option) => h('label', {},
    h('input', { type: file.multi ? 'checkbox' : 'radio', name: file.name, value: option, checked: now.includes(option), onchange: (event: Event) => choose(option, (event.target as HTMLInputElement).checked) }),
    option === all ? t('dash.all') : codeName(option))));

  details.addEventListener('toggle', () => {
    if (!details.open) return;
    get<{ options: string[] }>(`/v1/dashboards/${encodeURIComponent(uid)}/variables/${encodeURIComponent(file.name)}`, removed).then(
      (answer) => { options = answer.options; draw(); },
      (error: Error) => removed.aborted || setText(list, describeFailure(error, error.message).title));
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    details.open = false;
    summary.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (details.open && !details.contains(event.target as Node)) details.open = false;
  }, { signal: removed });
  showSummary();
  return details;
}
