import { shellWord } from './shell';

/**
 * A line for a shell that sends one event of a member. Key and value are separated by a tab, which neither an id nor JSON can contain. It uses
 * `printf`, because the `echo` of some shells interprets backslashes.
 */
export function exampleEvent(bootstrap: string, member: string): string {
  const event = { id: crypto.randomUUID().slice(0, 8), member, at: Date.now(), kind: 'view', target: 'home' };
  const words = [member, JSON.stringify(event)].map(shellWord).join(' ');
  return `printf '%s\\t%s\\n' ${words} | kcat -P -b ${shellWord(bootstrap || 'localhost:9092')} -t clicks -K '\\t'`;
}
