/**
 * Names are compared as bytes in addition to the plain comparison (which lets the server open only one schema), since
 * information_schema ignores case and accents.
 */

/** `column` equals the schema exactly. */
export const IS_SCHEMA = (column: string): string => `${column} = ? AND CAST(${column} AS BINARY) = CAST(? AS BINARY)`;
/** After a position; `''` comes before every name. */
export const IS_BEHIND = (column: string): string => `CAST(${column} AS BINARY) > CAST(? AS BINARY)`;

/** Names that are read: those after `after`, up to and including `until` if given. */
export interface Names {
  readonly after: string;
  readonly until?: string | undefined;
}

/** The names that are read. */
export const IS_AMONG = (column: string, { until }: Names): string =>
  IS_BEHIND(column) + (until === undefined ? '' : ` AND CAST(${column} AS BINARY) <= CAST(? AS BINARY)`);

/** Of `IS_SCHEMA` and `IS_AMONG`. */
export const valuesOf = (schema: string, { after, until }: Names): string[] => [
  schema,
  schema,
  after,
  ...(until === undefined ? [] : [until]),
];
