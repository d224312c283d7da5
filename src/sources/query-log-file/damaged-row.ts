import type { FileHandle } from 'node:fs/promises';
import { countWords } from '../../contract/count-words.js';
import { MAX_RECORD_MIB, type Place } from './csv-records.js';
import { readFilePart } from './file-part.js';
import type { LogHeader } from './log-header.js';
import { nextRow } from './next-row.js';

/** A row with a quote that isn't closed where it should be, and all that it took with it. */
export interface DamagedRow {
  readonly line: number;
  readonly reason: string;
  /** Where the first row behind it begins; undefined when none can be told from what it took. */
  readonly next: Place | undefined;
}

export interface HeadedFile {
  readonly handle: FileHandle;
  readonly header: LogHeader;
  readonly lineEnd: string;
  readonly encoding: BufferEncoding;
}

/**
 * A row whose quote isn't closed. Reading goes on at the first line behind its first one that is a row by itself.
 * Lines of a statement aren't, so that no part of one counts as a query.
 */
export async function damagedRow(file: HeadedFile, begins: Place): Promise<DamagedRow> {
  const { size } = await file.handle.stat();
  const to = Math.min(size, begins.byte + MAX_RECORD_MIB * 1024 * 1024);
  const part = await readFilePart(file, { from: begins.byte, to, size });
  const next = nextRow(part, { ...file, begins });
  if (typeof next === 'object') return damageUpTo(begins, next);
  const lost = countWords(size - begins.byte, 'byte', 'bytes');
  const lines = countWords(linesOf(part.text, file.lineEnd), 'line', 'lines');
  const rest = part.isFileEnd ? `${lines}, ${lost}` : lost;
  return damage(begins, `the rest of the file (${rest}) is lost`, undefined);
}

/** A row whose quote isn't closed, by where the next row begins. */
export function damageUpTo(begins: Place, next: Place): DamagedRow {
  const lines = countWords(next.line - begins.line, 'line is', 'lines are');
  const lost = countWords(next.byte - begins.byte, 'byte', 'bytes');
  return damage(begins, `${lines} lost (${lost}); reading goes on at line ${next.line}`, next);
}

function damage({ line }: Place, what: string, next: Place | undefined): DamagedRow {
  const reason = `A quote at the beginning of a field of the row at line ${line} is not closed: ${what}. Close it, and write each quote inside of quotes twice.`;
  return { line, reason, next };
}

function linesOf(text: string, lineEnd: string): number {
  return text.split(lineEnd).length - (text.endsWith(lineEnd) ? 1 : 0);
}
