import type { MeasuredColumn } from './measured-column.js';

/**
 * How an engine writes rows as strings and hashes them, so that rows of two engines can be compared without being
 * fetched. The strings are the same on every engine (see each method); hashes are MD5 of their UTF-8 bytes.
 */
export interface RowHashing {
  /**
   * A value as text, NULL stays NULL: whole numbers in digits; decimals without trailing zeros; floating-point numbers
   * by their shortest digits, rounded to six decimals, by all digits from `LONG_WHOLE` up, or with an exponent from
   * `LONG_FLOAT` up (`1.5e21`); dates `2026-11-27`; times `2026-11-27 23:10:00.000000`; truth values 1 and 0; binary
   * values in upper-case hex; strings as they are. Only values of a type that engines write differently (`own`) are as
   * this engine writes them.
   */
  text(column: MeasuredColumn): string;
  /**
   * A value of a column as it is compared inside one database: strings byte by byte, whatever collation they have, and
   * so the text of a type that may have no equality.
   */
  exact(value: string, column: MeasuredColumn): string;
  /**
   * Strings joined into one that differs when any of them differs, with NULLs distinguished: `=a`, `-` for NULL, joined
   * by U+001F.
   */
  joined(texts: readonly string[]): string;
  /** 32 lower-case hex digits. */
  md5(text: string): string;
  /** The number that the first hex digits of a hash are, 12 at most. */
  leading(md5: string, digits: number): string;
}

export type ComparedAs = 'whole' | 'decimal' | 'float' | 'date' | 'time' | 'text' | 'truth' | 'bytes' | 'own';

/** What a type's values are compared as; `own`: only with those of the same type and engine. */
export function comparedAs({ dataType }: MeasuredColumn): ComparedAs {
  if (['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'BYTEINT', 'YEAR', 'LARGEINT'].includes(dataType)) return 'whole';
  if (['DECIMAL', 'NUMERIC', 'NUMBER', 'MONEY'].includes(dataType)) return 'decimal';
  if (['FLOAT', 'DOUBLE'].includes(dataType)) return 'float';
  if (dataType === 'DATE') return 'date';
  if (['DATETIME', 'TIMESTAMP'].includes(dataType)) return 'time';
  if (['CHAR', 'VARCHAR', 'TEXT', 'MEDIUMTEXT', 'STRING', 'ENUM', 'SET', 'UUID', 'CLOB'].includes(dataType))
    return 'text';
  if (dataType === 'BOOLEAN') return 'truth';
  const isBytes = ['BINARY', 'VARBINARY', 'BLOB', 'MEDIUMBLOB', 'LONGBLOB', 'BYTEA'].includes(dataType);
  return isBytes ? 'bytes' : 'own';
}

/** `RowHashing.text`, made of what an engine writes for each comparison of a column by its quoted name. */
export function comparedText(
  quote: (name: string) => string,
  texts: Readonly<Record<ComparedAs, (name: string, column: MeasuredColumn) => string>>
): RowHashing['text'] {
  return (column) => texts[comparedAs(column)](quote(column.name), column);
}

/** Between the strings of a row. */
export const BETWEEN_TEXTS = '\u001f';

/** From here up engines write floating-point numbers with an exponent, and some have no exact type for them. */
export const LONG_FLOAT = '1e21';

/** From here up doubles are whole, and engines choose different ones of the digits that stand for the same double. */
export const LONG_WHOLE = '9007199254740992';

/** All digits of a whole double below `LONG_FLOAT`, by two parts that casts keep. @param whole casts to decimals */
export function wholeDigits(double: string, whole: (double: string) => string): string {
  const high = `FLOOR(${double} / 4294967296)`;
  return `${whole(high)} * 4294967296 + ${whole(`(${double} - ${high} * 4294967296)`)}`;
}
