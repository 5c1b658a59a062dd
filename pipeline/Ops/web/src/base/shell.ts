/** Text as one word of a POSIX shell's command line: in single quotes nothing is expanded. */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
