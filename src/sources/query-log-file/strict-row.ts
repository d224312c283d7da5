/** A row of a text in CSV, as the standard has it: only a field that begins with a quote is in quotes. */
export interface StrictRow {
  readonly fields: readonly string[];
  /** Where the next row begins. */
  readonly end: number;
}

/**
 * The row that begins at `start`.
 * @returns undefined when a quote in it is not closed, or is closed in the middle of a field
 */
export function strictRow(text: string, start: number, lineEnd: string): StrictRow | undefined {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const end = text[at] === '"' ? quotedEnd(text, at) : bareEnd(text, at, lineEnd);
    if (end === undefined) return undefined;
    const field = text.slice(at, end);
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end >= text.length) return { fields, end };
    if (text.startsWith(lineEnd, end)) return { fields, end: end + lineEnd.length };
    if (text[end] !== ',') return undefined;
    at = end + 1;
  }
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
