import mysql from 'mysql2';
import type { MeasureDialect } from '../measure-dialect.js';
import { quoteIdentifier } from './quoted-name.js';

/** Sets that lack nothing. */
const WHOLE = /^(utf8mb4|utf16|utf16le|utf32|binary)$/;

/** The server refuses to compare a column with a text that its character set lacks some of. */
export const mysqlCharacterSets: NonNullable<MeasureDialect['characterSets']> = {
  of: ({ name }) => `CHARSET(MAX(${quoteIdentifier(name)}))`,
  holds: (set, text) => {
    if (WHOLE.test(set) || !/^\w+$/.test(set)) return undefined;
    const literal = mysql.escape(text);
    return `CONVERT(CONVERT(${literal} USING ${set}) USING utf8mb4) COLLATE utf8mb4_bin = ${literal}`;
  },
};

/** `REGEXP` with a pattern of which the column's character set lacks some: only whether case counts is kept of it. */
export function narrowMatches(name: string, pattern: string): string {
  const matches = (collation: string): string =>
    `CONVERT(${name} USING utf8mb4) COLLATE ${collation} REGEXP ${mysql.escape(pattern)}`;
  return `CASE WHEN RIGHT(COLLATION(${name}), 3) = '_ci' THEN ${matches('utf8mb4_general_ci')} ELSE ${matches('utf8mb4_bin')} END`;
}
