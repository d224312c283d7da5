/** MySQL's client command, on its own line. */
const COMMAND = /^[ \t]*delimiter[ \t]+(\S+)[ \t]*\r?$/im;

/**
 * Cuts a script of MySQL's command-line client into its statements where DELIMITER says so; `undefined` if there is
 * none. Delimiters inside quotes aren't recognised: scripts choose one that isn't in their statements.
 */
export function delimitedParts(sql: string): readonly string[] | undefined {
  if (!COMMAND.test(sql)) return undefined;
  const parts: string[] = [];
  let delimiter = ';';
  let rest = sql;
  for (;;) {
    const command = COMMAND.exec(rest);
    const text = command === null ? rest : rest.slice(0, command.index);
    // Between `;` the reader finds its own way; another delimiter ends statements that have `;` inside.
    if (delimiter === ';') parts.push(text);
    else parts.push(...text.split(delimiter));
    if (command === null) return parts.filter((part) => part.trim() !== '');
    delimiter = command[1] ?? ';';
    rest = rest.slice(command.index + command[0].length);
  }
}
