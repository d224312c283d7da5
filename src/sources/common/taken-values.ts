import type { MeasureDialect } from '../measure-dialect.js';

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

/** PostgreSQL's bits are no number, and 1 is not 001. */
export const postgresTaken: Taken = (column, value) => {
  if (column.dataType !== 'BIT') return takenTruth(column, value);
  const isBits = typeof value === 'string' && /^(b?[01]*|x[\da-f]*)$/i.test(value);
  return isBits ? value : { allowed: "texts of 0 and 1 in quotes, as many as the column has ('101')" };
};
