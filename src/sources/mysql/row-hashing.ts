import type { MeasuredColumn } from '../measures.js';
import { comparedAs, type RowHashing } from '../row-hashing.js';
import { quoteIdentifier } from './quoted-name.js';

/** Strings of MySQL and MariaDB, in UTF-8 whatever the column's character set is. */
export const mysqlRowHashing: RowHashing = {
  text,
  exact: (value) => `HEX(${value})`,
  joined: (texts) => `CONCAT_WS(CHAR(31), ${texts.map((each) => `IFNULL(CONCAT('=', ${each}), '-')`).join(', ')})`,
  md5: (joined) => `MD5(CONVERT(${joined} USING utf8mb4))`,
  leading: (md5, digits) => `CAST(CONV(LEFT(${md5}, ${digits}), 16, 10) AS UNSIGNED)`,
};

function text(column: MeasuredColumn): string | undefined {
  const name = quoteIdentifier(column.name);
  switch (comparedAs(column)) {
    case 'whole':
    case 'truth':
      return `CAST(${name} AS CHAR)`;
    case 'decimal':
      return withoutZeros(`CAST(${name} AS CHAR)`);
    case 'float':
      return withoutZeros(`CAST(CAST(${name} AS DECIMAL(60, 6)) AS CHAR)`);
    case 'date':
      return `DATE_FORMAT(${name}, '%Y-%m-%d')`;
    case 'time':
      return `DATE_FORMAT(${name}, '%Y-%m-%d %H:%i:%s.%f')`;
    case 'text':
      return `CONVERT(${name} USING utf8mb4)`;
    case 'bytes':
      return `HEX(${name})`;
    default:
      return undefined;
  }
}

function withoutZeros(number: string): string {
  const trimmed = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${number}))`;
  return `CASE WHEN LOCATE('.', ${number}) > 0 THEN ${trimmed} ELSE ${number} END`;
}
