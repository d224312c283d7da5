import type { MeasuredColumn } from '../measures.js';
import { comparedAs, type RowHashing } from '../row-hashing.js';
import { quoteIdentifier } from './quoted-name.js';

/** Strings in UTF-8, whatever the database's encoding is; the session's zone is UTC. */
export const postgresRowHashing: RowHashing = {
  text,
  exact: (value) => `encode(convert_to(${value}::text, 'UTF8'), 'hex')`,
  joined: (texts) =>
    `array_to_string(ARRAY[${texts.map((each) => `COALESCE('=' || ${each}, '-')`).join(', ')}], chr(31))`,
  md5: (joined) => `md5(convert_to(${joined}, 'UTF8'))`,
  leading: (md5, digits) => `('x' || lpad(left(${md5}, ${digits}), 16, '0'))::bit(64)::bigint`,
};

function text(column: MeasuredColumn): string | undefined {
  const name = quoteIdentifier(column.name);
  if (column.dataType === 'BYTEA') return `upper(encode(${name}, 'hex'))`;
  switch (comparedAs(column)) {
    case 'whole':
    case 'text':
      return `${name}::text`;
    case 'decimal':
      return withoutZeros(`${name}::text`);
    case 'float':
      return withoutZeros(`round(${name}::numeric, 6)::text`);
    case 'date':
      return `to_char(${name}, 'YYYY-MM-DD')`;
    case 'time':
      return `to_char(${name}, 'YYYY-MM-DD HH24:MI:SS.US')`;
    case 'truth':
      return `(${name}::int)::text`;
    case 'bytes':
    case undefined:
      return undefined;
  }
}

function withoutZeros(number: string): string {
  return `CASE WHEN position('.' IN ${number}) > 0 THEN rtrim(rtrim(${number}, '0'), '.') ELSE ${number} END`;
}
