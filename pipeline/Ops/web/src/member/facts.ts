import { count } from '../base/format';
import { t, codeName } from '../base/language';
import type { Facts } from './state';

const everyOther = '*';

/** The facts of a member as pairs of name and text. Warnings are included only if there are any. */
export function declared(facts: Facts): [name: string, text: string][] {
  const answers = Object.entries(facts.consent).map(([channel, yes]) => answer(channel, yes, facts.unknownChannels.includes(channel)));
  const odd = facts.warnings.map(codeName);
  if (facts.leftOut > 0) odd.push(t('member.leftOut', { n: count(facts.leftOut) }));
  return [
    [t('member.timeZone'), facts.timezone],
    [t('member.consent'), answers.length > 0 ? answers.join(' · ') : t('none')],
    ...(odd.length > 0 ? [[t('member.odd'), odd.join(' · ')] as [string, string]] : []),
  ];
}

function answer(channel: string, yes: boolean, unknown: boolean): string {
  const name = channel === everyOther ? t('member.everyOther') : channel;
  const text = t(yes ? 'member.consentYes' : 'member.consentNo', { channel: name });
  return unknown ? `${text} ${t('member.channelUnknown')}` : text;
}
