import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { harmlessLine, PermanentError } from '../../errors/index.js';
import { FileRefused, folderPath, openRegularFile } from '../../reach/index.js';
import type { DamagedRow } from './damaged-row.js';
import { findLineEnd } from './find-line-end.js';
import { LeftOutRows } from './left-out-rows.js';
import { headerWarnings, type LogHeader } from './log-header.js';
import { logRecords, unreadableFile } from './log-records.js';
import { logRow, type LogRow } from './log-row.js';

/** Entries of a folder that a warning names. */
const NAMED = 5;

export interface LogFiles {
  /** In the order that they are read. */
  readonly files: readonly string[];
  /** What else is in the folder, and isn't read. */
  readonly others: readonly string[];
}

/** @throws PermanentError when there is nothing to read */
export async function listFiles(filePath: string): Promise<LogFiles> {
  const folder = await orFault(filePath, () => folderPath(filePath));
  if (folder === undefined) return { files: [filePath], others: [] };
  const all = (await readdir(folder)).sort();
  const names = all.filter((name) => name.toLowerCase().endsWith('.csv') && !name.startsWith('.'));
  const others = all.filter((name) => !names.includes(name));
  if (names.length > 0) return { files: names.map((name) => path.join(filePath, name)), others };
  throw new PermanentError(`The folder ${filePath} has no .csv file.`, {
    where: 'source.sourceConfig.config.queryLogFilePath',
  });
}

/** What a report says of what isn't read; undefined when all of the folder is. */
export function unreadText(filePath: string, others: readonly string[]): string | undefined {
  if (others.length === 0) return undefined;
  const named = others.slice(0, NAMED).map(harmlessLine).join(', ');
  const more = others.length > NAMED ? `, … (${others.length})` : '';
  return `Of the folder ${filePath} only files that end in .csv are read, not those in folders below: ${named}${more} ${others.length === 1 ? 'is' : 'are'} left out.`;
}

/** @throws PermanentError for a file that can't be read */
async function orFault<T>(file: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new PermanentError(`The query log ${file} ${error.message}.`, {
      where: 'source.sourceConfig.config.queryLogFilePath',
      remedy: 'Give the path of a CSV file, or of a folder of CSV files, that the worker can read.',
    });
  }
}

export interface ReadLogFile {
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
  /** Rows without a time count on the day of the run. */
  readonly needsTime?: boolean;
}

/**
 * The rows of one file, streamed; a row whose quote isn't closed is a `DamagedRow` with what it took with it. A row
 * that ends before `query_text` is left out with a warning, an empty line without one.
 * @throws PermanentError when the file isn't CSV, has no `query_text` or a column twice, or has a row that is longer
 * than 32 MiB
 */
export async function* readLogFile(
  file: string,
  { signal, onWarning, needsTime = false }: ReadLogFile
): AsyncGenerator<LogRow | DamagedRow> {
  const handle = await orFault(file, () => openRegularFile(file));
  const leftOut = new LeftOutRows(file, onWarning);
  try {
    const form = await findLineEnd(handle, file);
    const onHeader = (header: LogHeader): void => {
      for (const warning of headerWarnings(header, file, needsTime)) onWarning(warning);
    };
    for await (const found of logRecords({ handle, file, signal, onHeader, ...form })) {
      if ('next' in found) {
        yield found;
        continue;
      }
      const row = logRow(found);
      if (row === undefined) leftOut.add('it ends before query_text');
      else yield row;
    }
  } catch (cause) {
    if (cause instanceof PermanentError || signal.aborted) throw cause;
    const { code } = z.object({ code: z.string() }).catch({ code: 'it is no CSV' }).parse(cause);
    throw unreadableFile(file, code);
  } finally {
    leftOut.finish();
    await handle.close();
  }
}
