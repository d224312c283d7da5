/** A row of a text in CSV, as the standard has it: only a field that begins with a quote is in quotes. */
export interface StrictRow {
  readonly fields: readonly string[];
  /** Where the next row begins. */
  readonly end: number;
  /** Whether a field ends with a quote that closes nothing in it, as the last line of a text in quotes does. */
  readonly endsText: boolean;
}

/**
 * The row that begins at `start`.
 * @returns `open` when a quote in it is not closed, undefined when one is closed in the middle of a field
 */
export function strictRow(text: string, start: number, lineEnd: string): StrictRow | 'open' | undefined {
  const fields: string[] = [];
  let endsText = false;
  let at = start;
  for (;;) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? quotedEnd(text, at) : bareEnd(text, at, lineEnd);
    if (end === undefined) return 'open';
    const field = text.slice(at, end);
    fields.push(isQuoted ? field.slice(1, -1).replaceAll('""', '"') : field);
    endsText ||= !isQuoted && closesNothing(field);
    if (end >= text.length) return { fields, end, endsText };
    if (text.startsWith(lineEnd, end)) return { fields, end: end + lineEnd.length, endsText };
    if (text[end] !== ',') return undefined;
    at = end + 1;
  }
}

/** Quotes of a statement come in pairs; those behind a backslash are part of a text in quotes. */
function closesNothing(field: string): boolean {
  return field.endsWith('"') && (field.includes('\\"') || field.split('"').length % 2 === 0);
}

function quotedEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1) return undefined;
    if (text[at + 1] !== '"') return at + 1;
  }
}

function bareEnd(text: string, start: number, lineEnd: string): number {
  for (let at = start; at < text.length; at += 1) if (text[at] === ',' || text.startsWith(lineEnd, at)) return at;
  return text.length;
}
