import type { MeasuredColumn } from './measures.js';

/**
 * How an engine writes rows as strings and hashes them, so that rows of two engines can be compared without being
 * fetched. The strings are the same on every engine (see each method); hashes are MD5 of their UTF-8 bytes.
 */
export interface RowHashing {
  /**
   * A value as text, NULL stays NULL: whole numbers in digits; decimals without trailing zeros; floating-point numbers
   * at six decimals; dates `2026-11-27`; times `2026-11-27 23:10:00.000000`; truth values 1 and 0; binary values in
   * upper-case hex; strings as they are. Undefined for a type that engines write differently.
   */
  text(column: MeasuredColumn): string | undefined;
  /** A string column's value as it is compared inside one database: byte by byte, whatever collation it has. */
  exact(value: string): string;
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

export type ComparedAs = 'whole' | 'decimal' | 'float' | 'date' | 'time' | 'text' | 'truth' | 'bytes';

/** What a type's values are compared as; undefined for what can't be compared. */
export function comparedAs({ dataType }: MeasuredColumn): ComparedAs | undefined {
  if (['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'BYTEINT', 'YEAR', 'LARGEINT'].includes(dataType)) return 'whole';
  if (['DECIMAL', 'NUMERIC', 'NUMBER'].includes(dataType)) return 'decimal';
  if (['FLOAT', 'DOUBLE'].includes(dataType)) return 'float';
  if (dataType === 'DATE') return 'date';
  if (['DATETIME', 'TIMESTAMP'].includes(dataType)) return 'time';
  if (['CHAR', 'VARCHAR', 'TEXT', 'MEDIUMTEXT', 'STRING', 'ENUM', 'SET', 'UUID', 'CLOB'].includes(dataType))
    return 'text';
  if (dataType === 'BOOLEAN') return 'truth';
  const isBytes = ['BINARY', 'VARBINARY', 'BLOB', 'MEDIUMBLOB', 'LONGBLOB', 'BYTEA'].includes(dataType);
  return isBytes ? 'bytes' : undefined;
}

/** `RowHashing.text`, made of what an engine writes for each comparison of a column by its quoted name. */
export function comparedText(
  quote: (name: string) => string,
  texts: Readonly<Record<ComparedAs, (name: string) => string>>
): RowHashing['text'] {
  return (column) => {
    const comparison = comparedAs(column);
    return comparison === undefined ? undefined : texts[comparison](quote(column.name));
  };
}

/** Between the strings of a row. */
export const BETWEEN_TEXTS = '\u001f';
