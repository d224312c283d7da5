import mysql from 'mysql2';
import type { Scalar } from '../condition.js';
import type { MeasuredColumn } from '../measured-column.js';
import { quoteIdentifier } from './quoted-name.js';

/** What the server compares by itself, as every character set has it. */
const ASCII = /^[\0-\x7f]*$/;

/**
 * `IN` of a column whose character set lacks some of the values, which the server refuses to compare. Converted, the
 * column has no collation of its own any more: only whether case counts is kept. Accents would count for nothing by the
 * collation of utf8mb4, and a value would meet rows that its column could not hold.
 */
export function narrowIn(column: MeasuredColumn, values: readonly Scalar[]): string {
  const isPlain = (value: Scalar): boolean => typeof value !== 'string' || ASCII.test(value);
  const texts = values.filter((value) => typeof value === 'string');
  const plain = texts.filter(isPlain).map((value) => mysql.escape(value));
  const others = texts.filter((value) => !isPlain(value)).map((value) => mysql.escape(value));
  const name = quoteIdentifier(column.name);
  const wide = `CONVERT(${name} USING utf8mb4)`;
  const lower = others.map((value) => `LOWER(${value})`);
  const all = [
    ...(plain.length === 0 ? [] : [`${name} IN (${plain.join(', ')})`]),
    `CASE WHEN ${ignoresCase(name)} THEN LOWER(${wide}) COLLATE utf8mb4_bin IN (${lower.join(', ')}) ELSE ${wide} COLLATE utf8mb4_bin IN (${others.join(', ')}) END`,
  ];
  return all.length === 1 ? all.join() : `(${all.join(' OR ')})`;
}

/** The same of a regular expression. */
export function narrowMatches(name: string, pattern: string): string {
  const matches = (collation: string): string =>
    `CONVERT(${name} USING utf8mb4) COLLATE ${collation} REGEXP ${mysql.escape(pattern)}`;
  return `CASE WHEN ${ignoresCase(name)} THEN ${matches('utf8mb4_general_ci')} ELSE ${matches('utf8mb4_bin')} END`;
}

/** Values that are no texts are compared as ever, and so is a set of ASCII alone. */
export function isNarrowSet(values: readonly Scalar[]): boolean {
  const areTexts = values.every((value) => typeof value === 'string');
  return areTexts && values.some((value) => typeof value === 'string' && !ASCII.test(value));
}

function ignoresCase(name: string): string {
  return `RIGHT(COLLATION(${name}), 3) = '_ci'`;
}
