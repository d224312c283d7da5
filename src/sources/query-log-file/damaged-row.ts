import type { FileHandle } from 'node:fs/promises';
import { countWords } from '../../contract/count-words.js';
import { MAX_RECORD_MIB, type CsvRecord, type Place } from './csv-records.js';
import type { LogHeader } from './log-header.js';
import { toMilliseconds } from './log-values.js';
import { strictRow, type StrictRow } from './strict-row.js';

/** A row with a quote that isn't closed where it should be, and all that it took with it. */
export interface DamagedRow {
  readonly line: number;
  readonly reason: string;
  /** Where the first row behind it begins; undefined when none can be told from what it took. */
  readonly next: Place | undefined;
}

interface LogFile {
  readonly handle: FileHandle;
  readonly header: LogHeader;
  readonly lineEnd: string;
  readonly encoding: BufferEncoding;
}

/** A text of a part of a file, in which a character is always as many bytes. */
interface Part {
  readonly text: string;
  readonly bytesPerCharacter: number;
  readonly isFileEnd: boolean;
}

/**
 * Where reading goes on behind a row whose quote isn't closed: at the first line behind its first one that is a row by
 * itself, with a field for each column and a time as start_time. Lines of a statement aren't, so that no part of one
 * counts as a query. Without a column start_time nothing tells a row from a line of a text.
 */
export async function damagedRow(file: LogFile, begins: Place): Promise<DamagedRow> {
  const { size } = await file.handle.stat();
  const part = await readPart(file, begins.byte, Math.min(size, begins.byte + MAX_RECORD_MIB * 1024 * 1024), size);
  const next = nextRow(file, part, begins);
  const lost = countWords((next?.byte ?? size) - begins.byte, 'byte', 'bytes');
  const rest = part.isFileEnd
    ? ` (${countWords(linesOf(part.text, file.lineEnd), 'line', 'lines')}, ${lost})`
    : ` (${lost})`;
  const what =
    next === undefined
      ? `the rest of the file${rest} is lost`
      : `${countWords(next.line - begins.line, 'line is', 'lines are')} lost (${lost}); reading goes on at line ${next.line}`;
  const reason = `A quote at the beginning of a field of the row at line ${begins.line} is not closed: ${what}. Close it, and write each quote inside of quotes twice.`;
  return { line: begins.line, reason, next };
}

/**
 * The damage in a record of several lines that has an end: a quote of a later row closed it, so that rows are part of
 * its text.
 * @returns undefined for a record as it should be, and where no row is found in it
 */
export async function damageInside(file: LogFile, record: CsvRecord): Promise<DamagedRow | undefined> {
  const { begins, ends } = record;
  const part = await readPart(file, begins.byte, ends.byte, ends.byte);
  const whole = strictRow(part.text, 0, file.lineEnd);
  if (whole !== undefined && whole.end === part.text.length && isWhole(file.header, whole)) return undefined;
  const next = nextRow(file, part, begins);
  return next === undefined ? undefined : damagedRow(file, begins);
}

/** False only for a record without damage inside. */
export function mayHoldRows(file: Pick<LogFile, 'header' | 'lineEnd'>, { fields, begins, ends }: CsvRecord): boolean {
  return ends.line - begins.line > 1 && fields.some((field) => mayHoldRow(file, field));
}

function mayHoldRow({ header, lineEnd }: Pick<LogFile, 'header' | 'lineEnd'>, field: string): boolean {
  if (header.startTime === undefined || !field.includes(lineEnd)) return false;
  return field.split(lineEnd).some((line, n) => n > 0 && line.split(',').some((value) => isTime(value)));
}

function isTime(value: string): boolean {
  return toMilliseconds(value.replace(/^"(.*)"$/, '$1')) !== undefined;
}

async function readPart({ handle, encoding }: LogFile, from: number, to: number, size: number): Promise<Part> {
  const bytes = Buffer.alloc(to - from);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const isWide = encoding === 'utf16le';
  // what separates fields is ASCII, in each encoding that has it as single bytes
  const text = bytes.toString(isWide ? 'utf16le' : 'latin1', 0, length);
  return { text, bytesPerCharacter: isWide ? 2 : 1, isFileEnd: to === size };
}

function nextRow({ header, lineEnd }: LogFile, part: Part, begins: Place): Place | undefined {
  if (header.startTime === undefined) return undefined;
  const { text, bytesPerCharacter, isFileEnd } = part;
  let line = begins.line;
  for (let at = text.indexOf(lineEnd); at !== -1; at = text.indexOf(lineEnd, at + lineEnd.length)) {
    line += 1;
    const start = at + lineEnd.length;
    const row = start === text.length ? undefined : strictRow(text, start, lineEnd);
    if (row === undefined || !isWhole(header, row) || (row.end === text.length && !isFileEnd)) continue;
    return { byte: begins.byte + start * bytesPerCharacter, line };
  }
  return undefined;
}

/** A field for each column, and a time. */
function isWhole({ names, startTime }: LogHeader, { fields }: StrictRow): boolean {
  return fields.length === names.length && startTime !== undefined && isTime(fields[startTime] ?? '');
}

function linesOf(text: string, lineEnd: string): number {
  return text.split(lineEnd).length - (text.endsWith(lineEnd) ? 1 : 0);
}
