import { comparedAs, comparedText, LONG_FLOAT, LONG_WHOLE, wholeDigits, type RowHashing } from '../row-hashing.js';
import { quoteIdentifier } from '../common/quoted-name.js';

const asText = (name: string): string => `${name}::text`;
const asWhole = (double: string): string => `${double}::int8::numeric`;

/** Strings in UTF-8, whatever the database's encoding is; the session's zone is UTC. */
export const postgresRowHashing: RowHashing = {
  text: comparedText(quoteIdentifier, {
    whole: asText,
    text: asText,
    own: asText,
    decimal: (name, { dataType }) => withoutZeros(`${dataType === 'MONEY' ? `${name}::numeric` : name}::text`),
    // the cast of a double itself keeps 15 of its digits, that of a REAL six
    float: (name) =>
      `CASE WHEN abs(${name}::float8) >= ${LONG_FLOAT} THEN replace(${name}::float8::text, '+', '') WHEN abs(${name}::float8) >= ${LONG_WHOLE} THEN (${wholeDigits(`${name}::float8`, asWhole)})::text ELSE ${withoutZeros(`round(${name}::float8::text::numeric, 6)::text`)} END`,
    date: (name) => `to_char(${name}, 'YYYY-MM-DD')`,
    time: (name) => `to_char(${name}, 'YYYY-MM-DD HH24:MI:SS.US')`,
    truth: (name) => `(${name}::int)::text`,
    bytes: (name) => `upper(encode(${name}, 'hex'))`,
  }),
  exact: (value, column) => {
    if (column.dataType === 'MONEY') return `${value}::numeric`;
    return ['text', 'own'].includes(comparedAs(column)) ? `encode(convert_to(${value}::text, 'UTF8'), 'hex')` : value;
  },
  joined: (texts) =>
    `array_to_string(ARRAY[${texts.map((each) => `COALESCE('=' || ${each}, '-')`).join(', ')}], chr(31))`,
  md5: (joined) => `md5(convert_to(${joined}, 'UTF8'))`,
  leading: (md5, digits) => `('x' || lpad(left(${md5}, ${digits}), 16, '0'))::bit(64)::bigint`,
};

function withoutZeros(number: string): string {
  return `CASE WHEN position('.' IN ${number}) > 0 THEN rtrim(rtrim(${number}, '0'), '.') ELSE ${number} END`;
}
