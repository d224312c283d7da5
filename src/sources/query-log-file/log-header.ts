import { PermanentError, listed, nameDistance } from '../../errors/index.js';

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
const COLUMNS = ['query_text', ...OPTIONAL] as const;
type Column = (typeof COLUMNS)[number];

/** Names of columns that aren't read, in a warning. */
const SHOWN = 10;
/** Letters that may be mistyped in a name, and how long one is that is still told from others then. */
const MISTYPED = 2;
const LONG = 8;

export type Optional = (typeof OPTIONAL)[number];

/** The first line of a log. */
export interface LogHeader {
  /** As the file has them, in order. */
  readonly names: readonly string[];
  /** Where each column stands that is read. */
  readonly places: ReadonlyMap<Column, number>;
  /** Where `start_time` stands. */
  readonly startTime: number | undefined;
}

/** @throws PermanentError when it doesn't name `query_text`, or a column that is read twice */
export function logHeader(fields: readonly string[], file: string): LogHeader {
  const names = fields.map((name) => name.trim());
  const folded = names.map((name) => name.toLowerCase());
  const places = new Map<Column, number>();
  for (const column of COLUMNS) {
    const place = folded.indexOf(column);
    if (place === -1) continue;
    places.set(column, place);
    const again = folded.indexOf(column, place + 1);
    if (again === -1) continue;
    throw new PermanentError(`${file} has the column ${column} twice: columns ${place + 1} and ${again + 1}.`, {
      where: file,
      remedy: 'Rename the one that is not to be read: columns of other names are left alone.',
    });
  }
  if (places.has('query_text')) return { names, places, startTime: places.get('start_time') };
  throw new PermanentError(`${file} has no column query_text.`, {
    where: file,
    remedy: `Its first line names the columns, separated by commas; it has ${names.length} of them. Read: ${COLUMNS.join(', ')}.`,
  });
}

/**
 * What the header lacks, and names in it that look like a column that it lacks.
 * @param needsTime rows without a time count on the day of the run
 */
export function headerWarnings({ names, places }: LogHeader, file: string, needsTime: boolean): readonly string[] {
  const unread = names.filter((name) => name !== '' && !COLUMNS.some((column) => column === name.toLowerCase()));
  const warnings = unread.flatMap((name) => {
    const column = alike(
      name,
      COLUMNS.filter((each) => !places.has(each))
    );
    return column === undefined ? [] : [`${file}: the column \`${name}\` is not read; is it ${column}?`];
  });
  if (!needsTime || places.has('start_time')) return warnings;
  const others =
    unread.length === 0
      ? ''
      : ` Not read: ${listed(unread.slice(0, SHOWN))}${unread.length > SHOWN ? ' and more' : ''}.`;
  return [
    ...warnings,
    `${file} has no column start_time: all of its rows count on the day of the run, and once more on that of each later run.${others}`,
  ];
}

/** `startTime` and `Start Time` are start_time, as is a name with a letter or two mistyped. */
function alike(name: string, columns: readonly Column[]): Column | undefined {
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const same = columns.find((column) => bare(column) === bare(name));
  if (same !== undefined) return same;
  return name.length < LONG ? undefined : columns.find((column) => nameDistance(name, column) <= MISTYPED);
}
