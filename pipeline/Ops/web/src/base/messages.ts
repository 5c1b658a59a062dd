import { count, shortNumber, money } from './format';
import { t, codeName } from './language';
import type { OutputMessage } from './sample';

/** What a message says happened, in a few words. */
export function messageTitle(message: OutputMessage): string {
  if (message.points) return `${codeName(message.kind)} ${message.points > 0 ? '+' : ''}${count(message.points)}`;
  if (message.from && message.to) return `${codeName(message.kind)}: ${codeName(message.from)} → ${codeName(message.to)}`;
  if (message.to) return `${codeName(message.kind)}: ${codeName(message.to)}`;
  return codeName(message.kind);
}

/** Why: the reason, unless it only repeats the kind, the rule, and what caused it. */
export function messageDetail(message: OutputMessage): string {
  const reason = message.reason ? codeName(message.reason) : '';
  return [reason === codeName(message.kind) ? '' : reason, message.rule ?? '', message.cause ? t('member.cause', { cause: message.cause }) : ''].filter(Boolean).join(' · ');
}

/** The numbers a rule used, with their names; amounts in the currency of their order. */
export function messageNumbers(message: OutputMessage): string {
  // ClickHouse keeps the currency of an order's points where other kinds keep what they lead to.
  const currency = message.currency ?? (message.kind.startsWith('points-') ? message.to : undefined);
  const amounts = currency ? ['amount', 'stays'] : [];
  return Object.entries(message.why ?? {}).map(([name, value]) => `${name} ${amounts.includes(name) ? money(value, currency!) : shortNumber(value)}`).join(', ');
}

/** Epoch milliseconds of a message, if it says when. */
export function timeOf(message: OutputMessage): number | undefined {
  if (message.at === undefined) return undefined;
  return typeof message.at === 'number' ? message.at : Date.parse(message.at);
}
