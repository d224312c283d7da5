import type { Cell, Condition, Scalar } from '../condition.js';
import type { MeasuredColumn } from '../measured-column.js';
import { TOLD_CASELESS } from './postgres-caseless.js';
import { asSingles, isSingle } from './single-floats.js';

/** How one engine writes the parts of a condition. */
export interface ConditionSyntax {
  quote(name: string): string;
  /** A column as it is compared with values, where that isn't its name. */
  compared?(column: MeasuredColumn, values: readonly Scalar[]): string;
  /** As `MeasureDialect.shown` has it. */
  shown(column: MeasuredColumn): string;
  /** @param column the one it is compared with, whose type decides how a time is written */
  scalar(value: Scalar, column: MeasuredColumn): string;
  /** Of a column whose type may be citext by what is known of it: whether it is, as SQL. */
  unsure?(column: MeasuredColumn): string | undefined;
  /** FLOAT is a type of 32 bits. */
  readonly hasSingles?: boolean;
  characters(column: string): string;
  /** @param of the same column */
  matches(column: string, pattern: string, of: MeasuredColumn): string;
}

/** A condition as SQL. An empty set and an empty `or` match nothing, an empty `and` everything. */
export function conditionSql(condition: Condition, syntax: ConditionSyntax): string {
  if (isOfValues(condition)) {
    const isCitext = syntax.unsure?.(condition.column);
    const as = (display: string): string =>
      conditionSql({ ...condition, column: { ...condition.column, display } }, syntax);
    if (isCitext !== undefined) return `CASE WHEN ${isCitext} THEN ${as(TOLD_CASELESS)} ELSE ${as('text')} END`;
  }
  switch (condition.op) {
    case 'isNull':
      return `${syntax.quote(condition.column.name)} IS NULL`;
    case 'in': {
      const { column } = condition;
      const values = isSingle(column, syntax) ? asSingles(condition.values) : condition.values;
      if (values.length === 0) return '1 = 0';
      return `${comparedSql(column, values, syntax)} IN (${values.map((value) => syntax.scalar(value, column)).join(', ')})`;
    }
    case 'shown': {
      const { column, cells } = condition;
      if (cells.length === 0) return '1 = 0';
      const [name, shown] = [syntax.quote(column.name), syntax.shown(column)];
      const compared = shown === name ? comparedSql(column, cells.filter(isScalar), syntax) : shown;
      return `${compared} IN (${cells.map((cell) => cellSql(cell, column, syntax)).join(', ')})`;
    }
    case 'compare': {
      const { column, on, is, value } = condition;
      if (on === 'length')
        return `${syntax.characters(syntax.quote(column.name))} ${is} ${syntax.scalar(value, { ...column, dataType: 'BIGINT' })}`;
      return `${comparedSql(column, [value], syntax)} ${is} ${syntax.scalar(value, column)}`;
    }
    case 'matches': {
      const { column, pattern } = condition;
      return syntax.matches(syntax.quote(column.name), pattern, column);
    }
    case 'not':
      return `NOT (${conditionSql(condition.of, syntax)})`;
    case 'and':
    case 'or': {
      if (condition.of.length === 0) return condition.op === 'and' ? '1 = 1' : '1 = 0';
      return condition.of
        .map((each) => `(${conditionSql(each, syntax)})`)
        .join(condition.op === 'and' ? ' AND ' : ' OR ');
    }
    case 'sql':
      return `(${condition.sql})`;
  }
}

type OfValues = Extract<Condition, { op: 'in' | 'shown' | 'compare' | 'matches' }>;

function isOfValues(condition: Condition): condition is OfValues {
  return /^(in|shown|matches)$/.test(condition.op) || (condition.op === 'compare' && condition.on !== 'length');
}

const DECIMALS: ReadonlySet<string> = new Set(['DECIMAL', 'NUMERIC', 'NUMBER', 'BIGINT']);

/** A cell as the engine returned it. A decimal in quotes would be compared as a double. */
function cellSql(cell: NonNullable<Cell>, column: MeasuredColumn, syntax: ConditionSyntax): string {
  if (cell instanceof Uint8Array) return `X'${Buffer.from(cell).toString('hex')}'`;
  if (cell instanceof Date) return syntax.scalar(cell.toISOString(), column);
  const isDecimal = typeof cell === 'string' && DECIMALS.has(column.dataType) && /^-?\d+(\.\d+)?$/.test(cell);
  return syntax.scalar(isDecimal ? { decimal: cell } : cell, column);
}

function isScalar(cell: NonNullable<Cell>): cell is Exclude<Scalar, object> {
  return typeof cell !== 'object';
}

function comparedSql(column: MeasuredColumn, values: readonly Scalar[], syntax: ConditionSyntax): string {
  return syntax.compared?.(column, values) ?? syntax.quote(column.name);
}
