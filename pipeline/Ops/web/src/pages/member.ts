import { ApiError, get } from '../base/api';
import { h, setChildren } from '../base/dom';
import { exampleEvent } from '../base/example';
import { describeFailure } from '../base/failure';
import { t } from '../base/language';
import { live } from '../base/live';
import type { Page } from '../base/page';
import { command, emptyState } from '../base/parts';
import { silentSince } from '../base/state';
import { HistoryCard } from '../member/history';
import { MemberCards } from '../member/cards';
import type { MemberState } from '../member/state';

const refreshIntervalMs = 5000;

/**
 * Looks a member up; with an id, shows it and refreshes it every 5 seconds.
 * @param known The id of the address, empty without one; undefined where the address holds no valid one.
 */
export function memberPage(known: string | undefined): Page {
  const id = known ?? '';
  const input = h('input', { id: 'member', name: 'member', type: 'search', value: id, autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 128, 'aria-describedby': 'member-hint' });
  const result = h('div', { class: 'member-result' });
  const title = id || t('members.title');
  const element = h('div', { class: 'member-page' },
    h('h1', {}, title),
    h('form', { class: 'find', role: 'search', onsubmit: (event: SubmitEvent) => find(event, input.value) },
      h('label', { for: 'member' }, t('members.label')),
      h('div', { class: 'find-row' }, input, h('button', { type: 'submit', class: 'primary' }, t('members.go'))),
      h('p', { id: 'member-hint', class: 'note' }, t('members.hint'))),
    result);
  const leaving = new AbortController();
  const cards = new MemberCards();
  const historyCard = new HistoryCard(id);
  let timer = 0;
  let unwatch = (): void => {};

  async function load(): Promise<void> {
    try {
      const state = await get<MemberState>(`/v1/members/${encodeURIComponent(id)}`, leaving.signal);
      if (!cards.element.isConnected) setChildren(result, cards.element, historyCard.element);
      cards.show(state);
      void historyCard.load(leaving.signal);
    } catch (error) {
      if (!leaving.signal.aborted) showFailure(error as ApiError);
    }
    if (!leaving.signal.aborted) timer = window.setTimeout(() => void load(), refreshIntervalMs);
  }

  function showFailure(error: ApiError): void {
    if (error.status === 404) return setChildren(result, unknownMember(id));
    if (error.status === 400) return setChildren(result, emptyState(t('member.bad'), h('p', {}, error.message)));
    // When the server does not answer, the cards stay as they are; the status on top shows the failure.
    if (cards.element.isConnected) return;
    const { title: what, detail } = describeFailure(error, t('page.failed'));
    setChildren(result, emptyState(what, detail === null ? null : h('p', {}, detail)));
  }

  return {
    title,
    element,
    opened: () => {
      if (known === undefined) {
        input.focus();
        setChildren(result, emptyState(t('member.bad'), h('p', {}, t('member.badEscape'))));
      } else if (id) {
        void load();
        unwatch = live.watch(() => historyCard.stall(live.lostSince ?? ((live.now && silentSince(live.now)) || undefined)));
      } else {
        input.focus();
        unwatch = live.watch(() => suggest(result));
      }
    },
    close: () => {
      leaving.abort();
      clearTimeout(timer);
      unwatch();
      cards.close();
    },
  };
}

function find(event: SubmitEvent, id: string): void {
  event.preventDefault();
  const link = h('a', { href: `/members/${encodeURIComponent(id)}` });
  document.body.append(link);
  link.click();
  link.remove();
}

function unknownMember(id: string): HTMLElement {
  if (/^[0-9a-f]{32}$/.test(id)) return pseudonymNotice(id);
  return emptyState(t('member.unknown', { id }), h('p', {}, t('member.unknownDetail')), command(exampleEvent(live.now?.broker.bootstrap ?? '', id)));
}

// A pseudonym from a dashboard. A button asks for its member id; the server logs this request.
function pseudonymNotice(pseudonym: string): HTMLElement {
  const answer = h('p', { role: 'status' });
  return emptyState(t('member.isPseudonym'), h('p', {}, t('member.isPseudonymDetail')), h('p', {}, h('button', {
    type: 'button', class: 'primary',
    onclick: () => get<{ member: string }>(`/v1/pseudonyms/${pseudonym}`).then(
      ({ member }) => setChildren(answer, h('a', { href: `/members/${encodeURIComponent(member)}` }, member)),
      (error: ApiError) => setChildren(answer, error.status === 404 ? t('member.behindNobody') : error.message)),
  }, t('member.behind'))), answer);
}

// Suggests members of the latest messages.
function suggest(result: HTMLElement): void {
  if (!live.now) return;
  const members = [...new Set([...live.now.alerts, ...live.now.rewards].map((message) => message.member))].slice(0, 12);
  const key = members.join('\n');
  if (result.dataset.members === key) return;
  result.dataset.members = key;
  setChildren(result, h('h2', {}, t('members.try')), members.length === 0
    ? h('p', { class: 'note' }, t('members.tryEmpty'))
    : h('ul', { class: 'chips' }, ...members.map((member) => h('li', {}, h('a', { href: `/members/${encodeURIComponent(member)}` }, member)))));
}
