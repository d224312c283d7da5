import type { MeasureDialect } from '../measure-dialect.js';
import { comparedAs } from '../row-hashing.js';

type Taken = NonNullable<MeasureDialect['taken']>;

const TRUE = /^(t(r(ue?)?)?|y(es?)?|on|1)$/i;
const FALSE = /^(f(a(l(se?)?)?)?|no?|off?|0)$/i;

/** The words that PostgreSQL takes for truth values, and a few more than Snowflake does. */
export const takenTruth: Taken = ({ dataType }, value) => {
  if (dataType !== 'BOOLEAN') return undefined;
  const text = String(value).trim();
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : { allowed: 'true and false (also yes, no, on, off, 1, 0)' };
};

const TIMES = /^(DATE|TIMESTAMP|TIMESTAMPZ|TIME)$/;
/** What PostgreSQL reads as a time without a digit. */
const TIME_WORDS = /^(now|today|tomorrow|yesterday|epoch|allballs|[+-]?infinity)$/i;
const NUMBERS: ReadonlySet<string> = new Set(['whole', 'decimal', 'float', 'text']);

/**
 * PostgreSQL's bits are no number, and 1 is not 001. A value of a type that is none is a text in quotes, which the
 * server reads as the column's type: it compares no number with it.
 */
export const postgresTaken: Taken = (column, value) => {
  const { dataType } = column;
  if (dataType === 'BOOLEAN') return takenTruth(column, value);
  if (dataType !== 'BIT') {
    if (TIMES.test(dataType)) {
      const isWord = typeof value === 'string' && TIME_WORDS.test(value.trim());
      return isWord || (typeof value === 'number' && Number.isInteger(value)) ? String(value) : undefined;
    }
    const isOwn =
      typeof value !== 'string' &&
      !NUMBERS.has(comparedAs(column)) &&
      !/^(UNKNOWN|NULL|UINT|LONG|FIXED)$/.test(dataType);
    return isOwn ? String(value) : undefined;
  }
  const isBits = typeof value === 'string' && /^(b?[01]*|x[\da-f]*)$/i.test(value);
  return isBits ? value : { allowed: "texts of 0 and 1 in quotes, as many as the column has ('101')" };
};
