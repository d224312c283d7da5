import type { Literal } from './python-literal.js';
import type { ColumnUnderTest } from './column-under-test.js';
import type { CellValue } from './measure.js';

const NUMBERS = new Set(
  'NUMBER TINYINT SMALLINT INT BIGINT BYTEINT FLOAT DOUBLE DECIMAL NUMERIC LARGEINT UINT LONG YEAR MONEY'.split(' ')
);
const TEXTS = new Set('STRING CHAR VARCHAR TEXT MEDIUMTEXT NTEXT CLOB ENUM SET UUID'.split(' '));
const DATES = new Set('DATE DATETIME TIMESTAMP TIMESTAMPZ'.split(' '));

/** What the values of an OpenMetadata data type are compared as. */
export function columnKind({
  dataType,
}: Pick<ColumnUnderTest, 'dataType'>): 'number' | 'text' | 'date' | 'boolean' | 'other' {
  if (NUMBERS.has(dataType)) return 'number';
  if (TEXTS.has(dataType)) return 'text';
  if (DATES.has(dataType)) return 'date';
  return dataType === 'BOOLEAN' ? 'boolean' : 'other';
}

/**
 * The values of a list in the column's own type, so that no engine converts: MySQL takes any word for the number 0.
 * What the column can't hold is left out, as is None, which is in no set.
 */
export function valuesFor(column: ColumnUnderTest, list: readonly Literal[]): CellValue[] {
  const kind = columnKind(column);
  return list.flatMap((item): CellValue[] => {
    if (item === null || Array.isArray(item)) return [];
    const value = item as string | number | boolean;
    if (kind === 'number') return numeric(value);
    if (kind === 'boolean') return truth(value);
    return [typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)];
  });
}

/** Long numbers stay text: a double would round them. */
function numeric(value: string | number | boolean): CellValue[] {
  if (typeof value !== 'string') return [Number(value)];
  const text = value.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? [exactNumber(text)] : [];
}

function exactNumber(text: string): CellValue {
  const number = Number(text);
  return /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number) ? text : number;
}

function truth(value: string | number | boolean): CellValue[] {
  if (typeof value === 'boolean') return [value];
  const word = String(value).trim().toLowerCase();
  if (word === 'true' || word === '1') return [true];
  return word === 'false' || word === '0' ? [false] : [];
}
