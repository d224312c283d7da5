import { isIPv4, isIPv6 } from 'node:net';
import { comparedAs, type MeasureDialect, type MeasuredColumn, type Scalar } from '../sources/index.js';

/** What an engine's columns of numbers may hold besides. */
export type FiniteDialect = Pick<MeasureDialect, 'hasNonFinite' | 'isUntyped' | 'taken'>;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Numbers of YAML in another base; it has none with a sign. */
const IN_OTHER_BASE = /^(0x[\da-fA-F]+|0o[0-7]+)$/;
const NOT_FINITE = /^(nan|[+-]?inf(inity)?)$/i;
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** What texts certainly have that a type's values are made of; the rest is the engine's to say. */
const FORMS: readonly { types: RegExp; has: (text: string) => boolean; allowed: string }[] = [
  {
    types: /^(DATE|DATETIME|TIMESTAMP\w*)$/,
    has: (text) => /\d/.test(text),
    allowed: "dates and times in quotes ('2026-01-31')",
  },
  { types: /^TIME$/, has: (text) => /\d/.test(text), allowed: "times of day in quotes ('09:30:00')" },
  {
    types: /^UUID$/,
    has: (text) => /^\{?([\da-f]{4}-?){8}\}?$/i.test(text),
    allowed: "UUIDs in quotes ('00000000-0000-0000-0000-000000000000')",
  },
  { types: /^IPV4$/, has: isIPv4, allowed: "addresses in quotes ('192.0.2.1')" },
  { types: /^IPV6$/, has: (text) => isIPv6(text) || isIPv4(text), allowed: "addresses in quotes ('2001:db8::1')" },
];

/**
 * What a value is by the column's type alone: as the engine has it, or none that such a column may have; undefined
 * where the type doesn't tell.
 */
export function ownValues(
  column: MeasuredColumn,
  value: string | number | boolean,
  dialect: FiniteDialect
): Scalar[] | { readonly allowed: string } | undefined {
  const taken = dialect.taken?.(column, value);
  if (taken !== undefined) return typeof taken === 'object' ? taken : [taken];
  const form = dialect.isUntyped === true ? undefined : FORMS.find(({ types }) => types.test(column.dataType));
  const isNone = form !== undefined && (typeof value === 'boolean' || !form.has(String(value).trim()));
  return isNone ? { allowed: form.allowed } : undefined;
}

/**
 * What a value of a partition is as its column has it, so that no engine converts; none: the column has numbers, and
 * this is none.
 */
export function valuesOf(
  column: MeasuredColumn,
  value: string | number | boolean,
  dialect: FiniteDialect
): Scalar[] | { readonly allowed: string } {
  const own = ownValues(column, value, dialect);
  if (own !== undefined) return own;
  const kind = comparedAs(column);
  if (kind === 'text') return [String(value)];
  if (typeof value !== 'string') return [kind === 'truth' || typeof value === 'number' ? value : Number(value)];
  const text = value.trim();
  const truth = TRUTHS.get(text.toLowerCase());
  // SQLite may hold the word itself
  if (kind === 'truth') return truth === undefined ? [value] : [truth, value];
  const isNumber = kind === 'whole' || kind === 'decimal' || kind === 'float' || column.dataType === 'BIT';
  const number = numberOf(text);
  if (!isNumber || column.dataType === 'MONEY')
    return number !== undefined && mayHaveBoth(column, dialect) && text !== String(Number(text))
      ? [value, { decimal: number }]
      : [value];
  // a truth value of MySQL is a TINYINT or a BIT
  if (truth !== undefined) return [Number(truth)];
  if (number !== undefined) return [{ decimal: number }];
  if (dialect.hasNonFinite?.(column) !== true) return [];
  return NOT_FINITE.test(text) || dialect.isUntyped === true ? [value] : [];
}

function numberOf(text: string): string | undefined {
  if (IN_OTHER_BASE.test(text)) return String(BigInt(text));
  return NUMBER.test(text) ? text : undefined;
}

/** Whether `2.0` may be a number of a column as well as its text: SQLite converts neither where no type is declared. */
function mayHaveBoth({ dataType }: MeasuredColumn, { isUntyped }: FiniteDialect): boolean {
  return isUntyped === true && (dataType === 'UNKNOWN' || dataType === 'BLOB');
}

/** Types of which only their source knows what they are. */
const UNSURE = /^(UNKNOWN|NULL|ERROR)$/;
const TIMES = /^(DATE|DATETIME|TIMESTAMP\w*)$/;

/** Whether a column may have times with a date, so that a window of time says something about it. */
export function mayHaveTimes({ dataType }: MeasuredColumn, { isUntyped }: FiniteDialect): boolean {
  return isUntyped === true || TIMES.test(dataType) || UNSURE.test(dataType);
}

/** SQLite compares numbers with what is declared so as texts; in its other columns a number is one. */
const TEXTS = /^(CHAR|VARCHAR|TEXT|CLOB)$/;

/** Whether a column may have numbers that a range of numbers is compared with as such. */
export function mayHaveNumbers(column: MeasuredColumn, { isUntyped, taken }: FiniteDialect): boolean {
  const { dataType } = column;
  if (isUntyped === true) return !TEXTS.test(dataType);
  if (UNSURE.test(dataType) || /^(LONG|UINT|FIXED)$/.test(dataType)) return true;
  // the bits of MySQL are a number
  if (dataType === 'BIT') return taken?.(column, 0) === undefined;
  return ['whole', 'decimal', 'float'].includes(comparedAs(column));
}
