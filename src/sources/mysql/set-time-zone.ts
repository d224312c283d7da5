/** What a text makes the time zone of its session: as SQL writes it; null for the server's own. */
export type SetZone = string | null;

const SPACE = '(?:\\s|/\\*(?!M?!)(?:[^*]|\\*(?!/))*\\*/|(?:-- |#)[^\\n]*\\n)*';
/** A SET at the beginning of one of the statements of a text; those of dumps stand in comments that the server runs. */
const SET = new RegExp(`(?:^|;)${SPACE}(?:/\\*M?!\\d*${SPACE})?set\\s+(?!statement\\b)`, 'gi');
const MAY_SET = /time_zone/i;
/** An assignment, with the comma before it; its value ends at a comma outside of quotes and brackets. */
const ASSIGNMENT = new RegExp(
  `^${SPACE}(?:(global|session|local|persist|persist_only)\\s+)?((?:@@(?:[a-z_]+\\s*\\.\\s*)?|@)?(?:\`[^\`]*\`|[\\w$.]+|'[^']*'))\\s*(?::=|=)${SPACE}` +
    `((?:'(?:[^'\\\\]|\\\\.|'')*'|"(?:[^"\\\\]|\\\\.|"")*"|\\([^()]*\\)|[^,;'"()*]|\\*(?!/))+)(,)?`,
  'i'
);
/** SET NAMES and SET CHARACTER SET may stand before assignments. */
const NAMES = new RegExp(`^${SPACE}(?:names|character\\s+set|charset)\\s+[^,;]+,`, 'i');
const OWN_NAME = /^(?:@@(?:(?:session|local)\s*\.\s*)?)?`?time_zone`?$/i;
const GLOBAL_WORD = /^(?:global|persist|persist_only)$/i;
const QUOTED = /^(?:'([^'\\]*)'|"([^"\\]*)")$/;

/**
 * The time zone that a text leaves its session in, if it sets one. A value that isn't a literal is taken for the
 * server's zone: it is what scripts keep in a variable, to put it back.
 */
export function setTimeZone(text: string): SetZone | undefined {
  let zone: SetZone | undefined;
  if (!MAY_SET.test(text)) return zone;
  for (const { 0: head, index } of text.matchAll(SET)) {
    const found = lastOf(text.slice(index + head.length));
    if (found !== undefined) zone = found;
  }
  return zone;
}

function lastOf(assignments: string): SetZone | undefined {
  let zone: SetZone | undefined;
  let isGlobal = false;
  let rest = assignments.slice(NAMES.exec(assignments)?.[0].length ?? 0);
  for (let match = ASSIGNMENT.exec(rest); match !== null; match = ASSIGNMENT.exec(rest)) {
    const [whole, word, name = '', value = '', comma] = match;
    // the word holds for the assignments behind it as well
    if (word !== undefined) isGlobal = GLOBAL_WORD.test(word);
    if (OWN_NAME.test(name) && (name.startsWith('@@') || !isGlobal)) zone = zoneOf(value.trim());
    if (comma === undefined) break;
    rest = rest.slice(whole.length);
  }
  return zone;
}

function zoneOf(value: string): SetZone {
  const quoted = QUOTED.exec(value);
  const name = quoted?.[1] ?? quoted?.[2];
  if (name !== undefined) return name;
  return /^system$/i.test(value) ? 'SYSTEM' : null;
}
