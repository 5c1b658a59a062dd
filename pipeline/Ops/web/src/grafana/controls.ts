import { h } from '../base/dom';
import { t } from '../base/language';
import { quick, rangeText, resolve, type Range } from './range';

export const refreshSeconds: Record<string, number> = { '5s': 5, '10s': 10, '30s': 30, '1m': 60, '5m': 300 };

/** Choice of the time range: the usual ones, or any. */
export function rangeControl(range: Range, changed: (range: Range) => void): HTMLElement {
  const options = quick.map((span) => ({ from: `now-${span}`, to: 'now' }));
  const known = options.some((option) => option.from === range.from && option.to === range.to);
  const custom = customForm(range, changed);
  const select = h('select', {
    'aria-label': t('dash.range'),
    onchange: () => {
      const option = options[select.selectedIndex - (known ? 0 : 1)];
      if (option) changed(option);
      else if (select.value === 'custom') {
        custom.hidden = false;
        custom.querySelector('input')?.focus();
      }
    },
  },
    known ? null : h('option', { selected: true }, rangeText(range)),
    ...options.map((option) => h('option', { selected: option.from === range.from && range.to === 'now' }, rangeText(option))),
    h('option', { value: 'custom' }, t('dash.custom')));
  const out = h('button', { type: 'button', 'aria-label': t('dash.zoomOut'), title: t('dash.zoomOut'), onclick: () => changed(wider(range)) }, '⊖');
  return h('div', { class: 'range' }, select, out, custom);
}

function customForm(range: Range, changed: (range: Range) => void): HTMLElement {
  const at = resolve(range) ?? { from: Date.now() - 36e5, to: Date.now() };
  const from = h('input', { type: 'datetime-local', step: 60, required: true, value: local(at.from) });
  const to = h('input', { type: 'datetime-local', step: 60, required: true, value: local(at.to) });
  const form = h('form', {
    class: 'custom-range', hidden: true,
    onsubmit: (event: SubmitEvent) => {
      event.preventDefault();
      const [start, end] = [new Date(from.value).getTime(), new Date(to.value).getTime()];
      to.setCustomValidity(start < end ? '' : `${t('dash.from')} < ${t('dash.to')}`);
      if (form.reportValidity()) changed({ from: String(start), to: String(end) });
    },
  }, h('label', {}, t('dash.from'), from), h('label', {}, t('dash.to'), to), h('button', { type: 'submit', class: 'primary' }, t('dash.apply')));
  return form;
}

/** The control of the refresh rate: live, a fixed interval, or only on request. */
export function refreshControl(rate: string, changed: (rate: string) => void, now: () => void): HTMLElement {
  const select = h('select', { 'aria-label': t('dash.refresh'), onchange: () => changed(select.value) },
    ...['live', ...Object.keys(refreshSeconds), 'off'].map((value) => h('option', { value, selected: value === rate }, value === 'live' ? t('dash.live') : value === 'off' ? t('dash.off') : value)));
  return h('div', { class: 'refresh' }, select, h('button', { type: 'button', 'aria-label': t('dash.refreshNow'), title: t('dash.refreshNow'), onclick: now }, '↻'));
}

function wider(range: Range): Range {
  const at = resolve(range) ?? { from: Date.now() - 36e5, to: Date.now() };
  const half = (at.to - at.from) / 2;
  return { from: String(Math.max(0, Math.round(at.from - half))), to: String(Math.round(Math.min(Date.now(), at.to + half))) };
}

// What datetime-local wants: local time without zone.
function local(at: number): string {
  const time = new Date(at);
  return new Date(at - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
