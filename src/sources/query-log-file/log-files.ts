import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';

/** Texts longer than this are no queries; a file that has such a field is no query log. */
const MAX_FIELD_BYTES = 32 * 1024 * 1024;

const text = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value));

/** Columns of a log by their header, as OpenMetadata's documentation names them; others are not read. */
const row = z.object({
  query_text: z.string(),
  query_type: text,
  database_name: text,
  schema_name: text,
  user_name: text,
  start_time: text,
  end_time: text,
  duration: text,
  cost: text,
  aborted: text,
});
export type LogRow = z.infer<typeof row>;

/** @throws PermanentError when there is nothing to read */
export async function listFiles(filePath: string): Promise<readonly string[]> {
  try {
    if (!(await stat(filePath)).isDirectory()) return [filePath];
    const names = (await readdir(filePath)).filter((name) => name.toLowerCase().endsWith('.csv')).sort();
    if (names.length > 0) return names.map((name) => path.join(filePath, name));
  } catch (cause) {
    throw new PermanentError(`The query log ${filePath} cannot be read on this worker.`, {
      where: 'source.sourceConfig.config.queryLogFilePath',
      remedy: 'Give the path of a CSV file, or of a folder of CSV files, that the worker can read.',
      cause,
    });
  }
  throw new PermanentError(`The folder ${filePath} has no .csv file.`, {
    where: 'source.sourceConfig.config.queryLogFilePath',
  });
}

/** The rows of one file, streamed. @throws PermanentError when it is no CSV, or has no `query_text` */
export async function* readLogFile(
  file: string,
  signal: AbortSignal,
  onWarning: (message: string) => void
): AsyncGenerator<LogRow> {
  const parser = createReadStream(file, { signal }).pipe(
    parse({
      columns: (header: string[]) => checkedHeader(header, file),
      bom: true,
      relax_column_count: true,
      // A quote inside an unquoted field is that quote, as Python's reader has it.
      relax_quotes: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        onWarning(`A row of ${file} was left out: ${error?.message ?? 'it is no CSV'}`);
        return undefined;
      },
      max_record_size: MAX_FIELD_BYTES,
    })
  );
  try {
    for await (const record of parser) yield row.parse(record);
  } catch (cause) {
    if (cause instanceof PermanentError || signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PermanentError(`${file} is not a CSV file that can be read: ${reason}`, { where: file, cause });
  }
}

function checkedHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  if (names.includes('query_text')) return names;
  throw new PermanentError(`${file} has no column query_text.`, {
    where: file,
    remedy: `Its first line names the columns; found: ${names.slice(0, 10).join(', ')}; read: ${Object.keys(row.shape).join(', ')}.`,
  });
}

/** `2026-11-22 10:00:00`, ISO 8601, or milliseconds since the epoch; a time without a zone is UTC. undefined for anything else. */
export function toMilliseconds(value: string): number | undefined {
  if (/^\d{12,}$/.test(value)) return Number(value);
  const iso = value.trim().replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}
