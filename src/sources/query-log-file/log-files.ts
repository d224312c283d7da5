import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import { FileRefused, folderPath, openRegularFile } from '../../reach/index.js';
import { findLineEnd } from './find-line-end.js';
import { LeftOutRows } from './left-out-rows.js';

/** Nothing longer than this is a query; a file with such a row isn't a query log. */
const MAX_ROW_MIB = 32;

/** Columns of a log by their header, as OpenMetadata's documentation names them; others are not read. */
const OPTIONAL = [
  'query_type',
  'database_name',
  'schema_name',
  'user_name',
  'start_time',
  'end_time',
  'duration',
  'cost',
  'aborted',
] as const;
const COLUMNS: readonly string[] = ['query_text', ...OPTIONAL];

type Optional = (typeof OPTIONAL)[number];

/** An empty field is as if it was absent. */
export type LogRow = { readonly query_text: string } & { readonly [Column in Optional]: string | undefined };

/** @throws PermanentError when there is nothing to read */
export async function listFiles(filePath: string): Promise<readonly string[]> {
  const folder = await orFault(filePath, () => folderPath(filePath));
  if (folder === undefined) return [filePath];
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.csv')).sort();
  if (names.length > 0) return names.map((name) => path.join(filePath, name));
  throw new PermanentError(`The folder ${filePath} has no .csv file.`, {
    where: 'source.sourceConfig.config.queryLogFilePath',
  });
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

/**
 * The rows of one file, streamed. A row that isn't CSV is left out with a warning.
 * @throws PermanentError when the file isn't CSV, has no `query_text`, or has a row that is longer than 32 MiB
 */
export async function* readLogFile(
  file: string,
  signal: AbortSignal,
  onWarning: (message: string) => void
): AsyncGenerator<LogRow> {
  const handle = await orFault(file, () => openRegularFile(file));
  const leftOut = new LeftOutRows(file, onWarning);
  try {
    const lineEnd = await findLineEnd(handle, file);
    // the parser returns strings: checking each row would take longer than reading it
    const rows = parsed(handle.createReadStream({ signal }), file, lineEnd, leftOut) as AsyncIterable<
      Readonly<Record<string, string | undefined>>
    >;
    for await (const fields of rows) {
      const row = toRow(fields);
      if (row === undefined) leftOut.add('it ends before query_text');
      else yield row;
    }
  } catch (cause) {
    if (cause instanceof PermanentError || signal.aborted) throw cause;
    const { reason, line } = fault(cause);
    throw new PermanentError(
      `${file} is not a CSV file that can be read: ${reason}${line === undefined ? '' : ` at line ${line}`}`,
      { where: file }
    );
  } finally {
    leftOut.finish();
    await handle.close();
  }
}

function parsed(source: Readable, file: string, lineEnd: string, leftOut: LeftOutRows): Readable {
  let hasHeader = false;
  const parser = parse({
    columns: (header: string[]) => {
      const columns = checkedHeader(header, file);
      hasHeader = true;
      return columns;
    },
    bom: true,
    // never discovered by the parser, which would look for it at each byte of the header
    record_delimiter: lineEnd,
    relax_column_count: true,
    // A quote inside an unquoted field is that quote, as Python's reader has it.
    relax_quotes: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      // the parser can't find the end of a row that is too long, so that the rest of the file can't be told apart
      if (error !== undefined && (!hasHeader || error.code === TOO_LONG)) throw error;
      const { reason, line } = fault(error);
      leftOut.add(reason, line);
      return undefined;
    },
    max_record_size: MAX_ROW_MIB * 1024 * 1024,
  });
  source.on('error', (error) => parser.destroy(error));
  parser.once('close', () => source.destroy());
  return source.pipe(parser);
}

function toRow(fields: Readonly<Record<string, string | undefined>>): LogRow | undefined {
  const text = fields['query_text'];
  if (text === undefined) return undefined;
  const filled = (column: Optional): string | undefined => (fields[column] === '' ? undefined : fields[column]);
  return {
    query_text: text,
    query_type: filled('query_type'),
    database_name: filled('database_name'),
    schema_name: filled('schema_name'),
    user_name: filled('user_name'),
    start_time: filled('start_time'),
    end_time: filled('end_time'),
    duration: filled('duration'),
    cost: filled('cost'),
    aborted: filled('aborted'),
  };
}

/** The columns that are read; false for one that is skipped. */
function checkedHeader(header: readonly string[], file: string): (string | false)[] {
  const names = header.map((name) => name.trim().toLowerCase());
  if (names.includes('query_text')) return names.map((name) => COLUMNS.includes(name) && name);
  throw new PermanentError(`${file} has no column query_text.`, {
    where: file,
    remedy: `Its first line names the columns, separated by commas; it has ${names.length} of them. Read: ${COLUMNS.join(', ')}.`,
  });
}

const TOO_LONG = 'CSV_MAX_RECORD_SIZE';

/** What is wrong with a file, without its content: the parser's own messages quote it. */
function fault(error: unknown): { readonly reason: string; readonly line?: number } {
  const { code, lines } = z
    .object({ code: z.string().default('it is no CSV'), lines: z.number().optional() })
    .catch({ code: 'it is no CSV' })
    .parse(error);
  const reason = code === TOO_LONG ? `a row is longer than ${MAX_ROW_MIB} MiB` : code;
  return lines === undefined ? { reason } : { reason, line: lines };
}
