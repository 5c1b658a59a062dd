import { h } from './dom';
import { t } from './language';

let asking: Promise<string> | undefined;

/** Asks for the API key; several requests that need it at once share one question. */
export function askForKey(wrong: boolean): Promise<string> {
  asking ??= new Promise<string>((resolve) => {
    const input = h('input', { type: 'password', id: 'key', autocomplete: 'off', required: true, minlength: 16 });
    const dialog = h('dialog', { class: 'key', 'aria-labelledby': 'key-title' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'key-title' }, t('key.title')),
        h('p', {}, wrong ? t('key.wrong') : t('key.why')),
        h('label', { for: 'key' }, t('key.label')),
        input,
        h('button', { type: 'submit', class: 'primary' }, t('key.go'))));
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    dialog.addEventListener('close', () => {
      dialog.remove();
      asking = undefined;
      resolve(input.value);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}
