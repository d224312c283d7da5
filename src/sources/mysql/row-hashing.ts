import { comparedAs, comparedText, LONG_FLOAT, LONG_WHOLE, wholeDigits, type RowHashing } from '../row-hashing.js';
import { quoteIdentifier } from './quoted-name.js';

const asText = (name: string): string => `CAST(${name} AS CHAR)`;
const asWhole = (double: string): string => `CAST(${double} AS DECIMAL(20, 0))`;

/** Strings of MySQL and MariaDB, in UTF-8 whatever the column's character set is. */
export const mysqlRowHashing: RowHashing = {
  text: comparedText(quoteIdentifier, {
    whole: asText,
    truth: asText,
    decimal: (name) => withoutZeros(asText(name)),
    // with a double, as by itself a FLOAT is written with six of its digits; a text of no length may be cut
    float: (name) =>
      `CASE WHEN ABS(${name}) >= ${LONG_FLOAT} THEN CAST(${name} + 0e0 AS CHAR(100)) WHEN ABS(${name}) >= ${LONG_WHOLE} THEN CAST(${wholeDigits(`(${name} + 0e0)`, asWhole)} AS CHAR(100)) ELSE ${withoutZeros(`CAST(CAST(${name} AS DECIMAL(60, 6)) AS CHAR)`)} END`,
    date: (name) => `DATE_FORMAT(${name}, '%Y-%m-%d')`,
    time: (name) => `DATE_FORMAT(${name}, '%Y-%m-%d %H:%i:%s.%f')`,
    text: (name) => `CONVERT(${name} USING utf8mb4)`,
    bytes: (name) => `HEX(${name})`,
    own: (name) => `HEX(${name})`,
  }),
  exact: (value, column) => {
    // the tables may differ in their character sets
    if (comparedAs(column) === 'text') return `HEX(CONVERT(${value} USING utf8mb4))`;
    return comparedAs(column) === 'own' ? `HEX(${value})` : value;
  },
  joined: (texts) => `CONCAT_WS(CHAR(31), ${texts.map((each) => `IFNULL(CONCAT('=', ${each}), '-')`).join(', ')})`,
  md5: (joined) => `MD5(CONVERT(${joined} USING utf8mb4))`,
  leading: (md5, digits) => `CAST(CONV(LEFT(${md5}, ${digits}), 16, 10) AS UNSIGNED)`,
};

function withoutZeros(number: string): string {
  const trimmed = `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${number}))`;
  return `CASE WHEN LOCATE('.', ${number}) > 0 THEN ${trimmed} ELSE ${number} END`;
}
