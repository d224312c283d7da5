import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import { FileRefused, folderPath, openRegularFile } from '../../reach/index.js';

/** Nothing longer than this is a query; a file with such a field isn't a query log. */
const MAX_FIELD_BYTES = 32 * 1024 * 1024;

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

/** The rows of one file, streamed. @throws PermanentError when it isn't CSV, or has no `query_text` */
export async function* readLogFile(
  file: string,
  signal: AbortSignal,
  onWarning: (message: string) => void
): AsyncGenerator<LogRow> {
  const handle = await orFault(file, () => openRegularFile(file));
  const source = handle.createReadStream({ signal });
  const parser = source.pipe(
    parse({
      columns: (header: string[]) => checkedHeader(header, file),
      bom: true,
      relax_column_count: true,
      // A quote inside an unquoted field is that quote, as Python's reader has it.
      relax_quotes: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        onWarning(`A row of ${file} was left out: ${fault(error)}`);
        return undefined;
      },
      max_record_size: MAX_FIELD_BYTES,
    })
  );
  source.on('error', (error) => parser.destroy(error));
  try {
    // the parser returns strings: checking each row would take longer than reading it
    for await (const fields of parser as AsyncIterable<Readonly<Record<string, string | undefined>>>) {
      const row = toRow(fields);
      if (row === undefined) onWarning(`A row of ${file} was left out: it ends before query_text`);
      else yield row;
    }
  } catch (cause) {
    if (cause instanceof PermanentError || signal.aborted) throw cause;
    throw new PermanentError(`${file} is not a CSV file that can be read: ${fault(cause)}`, { where: file });
  } finally {
    source.destroy();
  }
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

/** What is wrong with a file, without its content: the parser's own messages quote it. */
function fault(error: unknown): string {
  const { code, lines } = z
    .object({ code: z.string().default('it is no CSV'), lines: z.number().optional() })
    .catch({ code: 'it is no CSV' })
    .parse(error);
  return lines === undefined ? code : `${code} at line ${lines}`;
}
