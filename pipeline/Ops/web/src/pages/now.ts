import { h, setChildren } from '../base/dom';
import { t } from '../base/language';
import { live } from '../base/live';
import type { Page } from '../base/page';
import { command, emptyState } from '../base/parts';
import { exampleEvent } from '../base/example';
import type { Sample } from '../base/sample';
import { Details } from '../now/details';
import { EventsCard } from '../now/events';
import { FeedCard } from '../now/feed';
import { LatencyCard } from '../now/latency';
import type { NowCard } from '../now/now-card';
import { RejectsCard, StagesCard } from '../now/counts';
import { Tiles } from '../now/tiles';

/** The first page: the state of the system and what happens now. */
export function nowPage(): Page {
  const tiles = new Tiles();
  const invitation = h('div', { class: 'invitation', hidden: true });
  const [latency, rejects] = [new LatencyCard(), new RejectsCard()];
  const shown: NowCard[] = [new EventsCard(), new StagesCard(), new FeedCard('alerts'), new FeedCard('rewards'), new Details()];
  const parts: NowCard[] = [...shown, latency, rejects];
  const column = h('div', { class: 'now-column' }, latency.element, rejects.element);
  // Hidden until the first sample arrives.
  const figures = h('div', { class: 'now', hidden: true },
    tiles.element, invitation, h('div', { class: 'now-grid' }, ...shown.slice(0, 2).map((part) => part.element), column, ...shown.slice(2).map((part) => part.element)));
  const element = h('div', {}, h('h1', { class: 'hidden' }, t('now.title')), figures);
  let unwatch = (): void => {};

  return {
    title: t('now.title'),
    element,
    opened: () => {
      unwatch = live.watch(() => {
        const sample = live.now;
        if (!sample) return;
        figures.hidden = false;
        tiles.show(sample, live.history);
        invite(invitation, sample);
        for (const part of parts) part.show(sample, live.history);
      });
    },
    close: () => {
      unwatch();
      for (const part of parts) part.close?.();
    },
  };
}

// While no event has ever arrived, the page shows how to send one.
function invite(invitation: HTMLElement, sample: Sample): void {
  const none = Object.keys(sample.totals.events).length === 0 && Object.keys(sample.totals.rejected).length === 0;
  if (invitation.hidden !== none) return;
  invitation.hidden = !none;
  if (!none) return;
  setChildren(invitation, emptyState(t('now.noEvents'), h('p', {}, t('now.noEventsDetail')), command(exampleEvent(sample.broker.bootstrap, 'ada'))));
}
