import type { Place } from './csv-records.js';
import type { FilePart } from './file-part.js';
import type { LogHeader } from './log-header.js';
import { toMilliseconds } from './log-values.js';
import { strictRow, type StrictRow } from './strict-row.js';

interface SearchedRow {
  readonly header: LogHeader;
  readonly lineEnd: string;
  /** Where the part begins. */
  readonly begins: Place;
  /** The row begins before this character of the part. */
  readonly before?: number;
  /** The row ends behind this character of the part. */
  readonly behind?: number;
}

/**
 * Where the first row by itself begins behind the first line of a part of a file: it has a field for each column, and
 * a time as start_time. Without that column nothing tells a row from a line of a text.
 * @returns `open` when there is none, but a line that may begin one which ends behind the part
 */
export function nextRow(
  part: FilePart,
  { header, lineEnd, begins, before = part.text.length, behind = 0 }: SearchedRow
): Place | 'open' | undefined {
  if (header.startTime === undefined) return undefined;
  const { text, bytesPerCharacter, isFileEnd } = part;
  let { line } = begins;
  let isOpen = false;
  for (let at = text.indexOf(lineEnd); at !== -1; at = text.indexOf(lineEnd, at + lineEnd.length)) {
    line += 1;
    const start = at + lineEnd.length;
    if (start >= before) break;
    const row = strictRow(text, start, lineEnd);
    if (row === 'open') isOpen = true;
    if (row === undefined || row === 'open' || row.end <= behind || !isRow(header, row)) continue;
    if (row.end < text.length || isFileEnd) return { byte: begins.byte + start * bytesPerCharacter, line };
  }
  return isOpen ? 'open' : undefined;
}

/** Whether a field of a row can be its start_time. */
export function isTime(value: string): boolean {
  return toMilliseconds(value.replace(/^"(.*)"$/, '$1')) !== undefined;
}

/** A field for each column, and a time; the end of a text in quotes, with what stands behind it, is none. */
function isRow({ names, startTime }: LogHeader, { fields, endsText }: StrictRow): boolean {
  return fields.length === names.length && startTime !== undefined && isTime(fields[startTime] ?? '') && !endsText;
}
