import type { Optional } from './log-header.js';
import type { HeadedRecord } from './log-records.js';

/** A row of a log. An empty field is as if it was absent, and so is what exports of databases write for NULL. */
export type LogRow = {
  readonly query_text: string;
  /** Of the file, where it begins. */
  readonly line: number;
  /** Whether a quote inside of quotes is written once. */
  readonly hasBareQuotes: boolean;
  /** How many fields the row has more than the header has names, or fewer. */
  readonly surplus: number;
  /** Whether the row has a time; `cut off` for one that ends before it. */
  readonly time: 'given' | 'empty' | 'cut off' | 'no column';
} & { readonly [Column in Optional]: string | undefined };

/** Undefined for a row that ends before `query_text`. */
export function logRow({ header, fields, line, hasBareQuotes }: HeadedRecord): LogRow | undefined {
  const { names, places, startTime } = header;
  const text = fields[places.get('query_text') ?? -1];
  if (text === undefined) return undefined;
  const filled = (column: Optional): string | undefined => valueOf(fields[places.get(column) ?? -1]);
  return {
    query_text: text,
    line,
    hasBareQuotes,
    surplus: surplusOf(names, fields),
    time: timeOf(startTime, fields),
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

/** Without blanks around it; `NULL` and `\N` are what psql, mysql and COPY write for no value. */
function valueOf(field: string | undefined): string | undefined {
  const value = field?.trim();
  return value === undefined || NO_VALUE.has(value) ? undefined : value;
}

const NO_VALUE: ReadonlySet<string> = new Set(['', 'NULL', '\\N']);

/** Commas at the end of a row are none. */
function surplusOf(names: readonly string[], fields: readonly string[]): number {
  if (fields.length <= names.length) return fields.length - names.length;
  return fields.slice(names.length).some((field) => field.trim() !== '') ? fields.length - names.length : 0;
}

function timeOf(place: number | undefined, fields: readonly string[]): LogRow['time'] {
  if (place === undefined) return 'no column';
  const field = fields[place];
  if (field === undefined) return 'cut off';
  return valueOf(field) === undefined ? 'empty' : 'given';
}
