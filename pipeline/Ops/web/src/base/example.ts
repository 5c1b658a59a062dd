/** A line for a shell that sends one event of a member. */
export function exampleEvent(bootstrap: string, member: string): string {
  const event = { id: crypto.randomUUID().slice(0, 8), member, at: Date.now(), kind: 'view', target: 'home' };
  return `echo '${member}|${JSON.stringify(event)}' | kcat -P -b ${bootstrap || 'localhost:9092'} -t clicks -K '|'`;
}
