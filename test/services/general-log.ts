import type { LoggedStatement } from './mariadb.js';

/** A read of a schema's columns, the biggest of the catalogue statements, as MariaDB's general log shows it. */
export interface ColumnRead {
  readonly schema: string;
  /** Only tables after this name were asked for; `''` = all. */
  readonly after: string;
}

const COLUMN_READ =
  /FROM information_schema\.COLUMNS\s+WHERE TABLE_SCHEMA = '([^']*)' AND [^\n]*CAST\(TABLE_NAME AS BINARY\) > CAST\('([^']*)' AS BINARY\)\s+ORDER BY/;

export function columnReads(statements: readonly LoggedStatement[]): ColumnRead[] {
  return statements.flatMap(({ text }) => {
    const match = COLUMN_READ.exec(text);
    return match === null ? [] : [{ schema: match[1] ?? '', after: match[2] ?? '' }];
  });
}
