import { comparedAs, comparedText, LONG_FLOAT, wholeDigits, type RowHashing } from '../row-hashing.js';
import type { MeasuredColumn } from '../measured-column.js';
import { quoteName } from './catalog/identifiers.js';
import { timeOfDay } from './time-of-day.js';

/** What isn't shown is cast, too. */
const bounded = (name: string): string => `IFF(ABS(${name}) >= ${LONG_FLOAT}, 0, ${name})`;
const asWhole = (double: string): string => `CAST(${double} AS NUMBER(15, 0))`;

/** Snowflake's text is UTF-8. Formats are spelled out, since a session may have others set. */
export const snowflakeRowHashing: RowHashing = {
  text: comparedText(quoteName, {
    whole: (name) => `TO_VARCHAR(${name})`,
    decimal: (name) => withoutZeros(`TO_VARCHAR(${name})`),
    float: (name) =>
      `CASE WHEN ABS(${name}) >= ${LONG_FLOAT} THEN REPLACE(TO_VARCHAR(${name}), '+', '') WHEN ${name} = FLOOR(${name}) THEN TO_VARCHAR(${wholeDigits(bounded(name), asWhole)}) ELSE ${withoutZeros(`TO_VARCHAR(CAST(${bounded(name)} AS NUMBER(38, 6)))`)} END`,
    date: (name) => `TO_VARCHAR(${name}, 'YYYY-MM-DD')`,
    time: (name) => `TO_VARCHAR(${name}, 'YYYY-MM-DD HH24:MI:SS.FF6')`,
    truth: (name) => `CASE WHEN ${name} THEN '1' WHEN NOT ${name} THEN '0' END`,
    text: (name) => name,
    bytes: (name) => `HEX_ENCODE(${name})`,
    own: ownText,
  }),
  exact: (value, column) => {
    const as = comparedAs(column);
    if (as === 'own') return ownText(value, column);
    return as === 'text' ? `HEX_ENCODE(${value})` : value;
  },
  joined: (texts) => `CONCAT_WS(CHR(31), ${texts.map((each) => `IFNULL('=' || ${each}, '-')`).join(', ')})`,
  md5: (joined) => `MD5(${joined})`,
  leading: (md5, digits) => `TO_NUMBER(LEFT(${md5}, ${digits}), '${'X'.repeat(digits)}')`,
};

function ownText(value: string, { dataType }: MeasuredColumn): string {
  return dataType === 'TIME' ? timeOfDay(value) : `TO_VARCHAR(${value})`;
}

function withoutZeros(number: string): string {
  return `CASE WHEN POSITION('.', ${number}) > 0 THEN REGEXP_REPLACE(${number}, '[.]?0+$', '') ELSE ${number} END`;
}
