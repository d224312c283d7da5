import type { MeasuredColumn } from '../measures.js';
import { comparedAs, type RowHashing } from '../row-hashing.js';
import { quoteName } from './catalog/identifiers.js';

/** Texts of Snowflake, which are UTF-8. Formats are written out: those of a session may be set otherwise. */
export const snowflakeRowHashing: RowHashing = {
  text,
  exact: (value) => `HEX_ENCODE(${value})`,
  joined: (texts) => `CONCAT_WS(CHR(31), ${texts.map((each) => `IFNULL('=' || ${each}, '-')`).join(', ')})`,
  md5: (joined) => `MD5(${joined})`,
  leading: (md5, digits) => `TO_NUMBER(LEFT(${md5}, ${digits}), '${'X'.repeat(digits)}')`,
};

function text(column: MeasuredColumn): string | undefined {
  const name = quoteName(column.name);
  switch (comparedAs(column)) {
    case 'whole':
      return `TO_VARCHAR(${name})`;
    case 'decimal':
      return withoutZeros(`TO_VARCHAR(${name})`);
    case 'float':
      return withoutZeros(`TO_VARCHAR(CAST(${name} AS NUMBER(38, 6)))`);
    case 'date':
      return `TO_VARCHAR(${name}, 'YYYY-MM-DD')`;
    case 'time':
      return `TO_VARCHAR(${name}, 'YYYY-MM-DD HH24:MI:SS.FF6')`;
    case 'truth':
      return `CASE WHEN ${name} THEN '1' WHEN NOT ${name} THEN '0' END`;
    case 'text':
      return name;
    case 'bytes':
      return `HEX_ENCODE(${name})`;
    default:
      return undefined;
  }
}

function withoutZeros(number: string): string {
  return `CASE WHEN POSITION('.', ${number}) > 0 THEN REGEXP_REPLACE(${number}, '[.]?0+$', '') ELSE ${number} END`;
}
