/** MySQL's client command, on a line of its own. */
const COMMAND = /^[ \t]*delimiter[ \t]+(\S+)[ \t]*\r?$/im;

/**
 * Cuts a script of MySQL's command-line client into its statements where DELIMITER says so, `undefined` for a text
 * without it. Delimiters inside quotes are not told apart: scripts choose one that is not in their texts.
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
