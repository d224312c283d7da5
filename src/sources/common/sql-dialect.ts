import type { Condition, Moment, Scalar } from '../condition.js';
import type { Measure, Operand, RowSet, Sample, TableRef } from '../measure.js';
import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';
import { groupedCountsSql } from './grouped-counts.js';
import { conditionSql, type ConditionSyntax } from './measure-conditions.js';
import { columnList, plainExpression, usualPlacement, type ExpressionSyntax } from './measure-expressions.js';
import { cutText, topValuesSql } from './top-values.js';
import { timeText } from './utc-text.js';

/** The rows of a statement, before a sample is taken. */
export interface SampledRows {
  /** The table's path, or the query in parentheses, by its name. */
  readonly path: string;
  /** ` WHERE …` of these conditions and those of the rows; empty without any. */
  readonly where: (...more: readonly string[]) => string;
  /** The columns to select. */
  readonly list: string;
  /** Rows of a table itself, not of a view or a query. */
  readonly isPlain: boolean;
}

/** What a value is compared with; it has no name where it is no column. */
export type ComparedColumn = Pick<MeasuredColumn, 'dataType' | 'display'> & Partial<Pick<MeasuredColumn, 'name'>>;

/** How one engine writes what measures are made of. */
export interface SqlDialectParts
  extends
    Pick<
      MeasureDialect,
      | 'mostExpressions'
      | 'mostSelects'
      | 'mostDigits'
      | 'backslashIn'
      | 'changing'
      | 'difference'
      | 'shown'
      | 'base64'
      | 'read'
    >,
    Required<Pick<MeasureDialect, 'hashing'>>,
    Pick<ConditionSyntax, 'characters' | 'compared' | 'hasSingles' | 'matches' | 'unsure'> {
  readonly quote: (name: string) => string;
  readonly tablePath: (table: TableRef) => string;
  /** The type of a time that is compared with no column. */
  readonly timeType: 'TIMESTAMP' | 'DATETIME';
  /** A string, a number or a truth value. */
  literal(value: Exclude<Scalar, object>): string;
  /** A text that is compared with the column, where it is not written as such. */
  textSql?(text: string, column: ComparedColumn): string | undefined;
  /** A moment as a column without a zone has it; undefined for other columns, whose session is in UTC. */
  clockTime(moment: Moment, column: ComparedColumn): string | undefined;
  /** A value of the column, or of its lengths, as text. */
  readonly text: (expression: string, column: MeasuredColumn) => string;
  /** What aggregates and GROUP BY take. */
  readonly operand: (column: MeasuredColumn, on?: Operand) => string;
  /** Of a column with values that are no finite numbers (or times): SQL that is NULL for these, else `value`. */
  readonly finite?: (column: MeasuredColumn, value: string) => string | undefined;
  /** The same for arithmetic, where it differs. */
  readonly summed?: (column: MeasuredColumn, on?: Operand) => string;
  /** Of values, where they aren't SUM, AVG and STDDEV_POP. */
  readonly aggregates?: Partial<Record<'sum' | 'mean' | 'stddev', (value: string, column: MeasuredColumn) => string>>;
  /** COUNT(DISTINCT) of what is grouped, not of the column itself. */
  readonly countsOperands?: boolean;
  /** The rows in a FROM, by name. */
  named(path: string, isQuery: boolean): string;
  /** `FROM …` of a sample. */
  sampled(sample: Sample, rows: SampledRows): string;
  /** Absent: it has window functions. */
  readonly hasWindows?: boolean;
  /** Changes to the SELECT of grouped counts. */
  regrouped?(select: string): string;
}

/** The dialect of an engine without an aggregate for percentiles, made of its parts. */
export function sqlDialect(parts: SqlDialectParts): MeasureDialect {
  const { quote, text, tablePath, aggregates = {} } = parts;
  const of =
    (value: NonNullable<typeof parts.summed>): ExpressionSyntax['operand'] =>
    (column, on = 'value', finite = false) => {
      const plain = value(column, on);
      return (finite && on === 'value' ? parts.finite?.(column, plain) : undefined) ?? plain;
    };
  const [operand, summed] = [of(parts.operand), of(parts.summed ?? parts.operand)];
  const scalar = (value: Scalar, column: ComparedColumn): string => {
    if (typeof value !== 'object')
      return (typeof value === 'string' ? parts.textSql?.(value, column) : undefined) ?? parts.literal(value);
    if ('decimal' in value) return value.decimal;
    return parts.clockTime(value, column) ?? `'${timeText(value.time, column)}'`;
  };
  const syntax = {
    ...{ quote, scalar, hasSingles: parts.hasSingles === true },
    shown: (column: MeasuredColumn) => parts.shown(column),
    unsure: (column: MeasuredColumn) => parts.unsure?.(column),
    compared: (column: MeasuredColumn, values: readonly Scalar[]) =>
      parts.compared?.(column, values) ?? quote(column.name),
    characters: (column: string) => parts.characters(column),
    matches: (...given: Parameters<ConditionSyntax['matches']>) => parts.matches(...given),
  };
  const condition = (given: Condition): string => conditionSql(given, syntax);
  const expression = (measure: Measure): string => {
    switch (measure.of) {
      case 'sum':
      case 'mean':
      case 'stddev': {
        const value = summed(measure.column, measure.on, measure.finite);
        const usual = { sum: 'SUM', mean: 'AVG', stddev: 'STDDEV_POP' }[measure.of];
        return aggregates[measure.of]?.(value, measure.column) ?? `${usual}(${value})`;
      }
      default:
        if (measure.of === 'distinct' && parts.countsOperands === true)
          return `COUNT(DISTINCT ${operand(measure.column)})`;
        return plainExpression(measure, { quote, operand, condition });
    }
  };
  const from = (rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string => {
    const isQuery = rows.query !== undefined;
    const path = parts.named(isQuery ? `(${rows.query}\n)` : tablePath(rows.table), isQuery);
    const own = rows.where === undefined ? [] : [`(${condition(rows.where)})`];
    const where = (...more: readonly string[]): string => {
      const all = [...more, ...own];
      return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
    };
    if (rows.sample === undefined) return `FROM ${path}${where()}`;
    const isPlain = !isQuery && !rows.isView;
    return parts.sampled(rows.sample, { path, where, list: columnList(columns, quote), isPlain });
  };
  return {
    ...{ mostExpressions: parts.mostExpressions, mostSelects: parts.mostSelects, backslashIn: parts.backslashIn },
    ...(parts.mostDigits === undefined ? {} : { mostDigits: parts.mostDigits }),
    ...(parts.changing === undefined ? {} : { changing: parts.changing }),
    ...{ quote, tablePath, condition, expression, from, hashing: parts.hashing, placement: usualPlacement },
    literal: (value) => scalar(value, { dataType: parts.timeType }),
    groupedSelect: (index, counts, rows) => {
      const { column, on, percentiles, finite } = counts;
      const value = (percentiles.length === 0 ? operand : summed)(column, on);
      const amount = finite === true && on === 'value' ? parts.finite?.(column, 'v') : undefined;
      const select = groupedCountsSql(index, counts, rows, {
        value,
        text: (expression) => text(expression, column),
        quote,
        shown: (each) => parts.shown(each),
        ...(amount === undefined ? {} : { amount }),
      });
      return parts.regrouped?.(select) ?? select;
    },
    topValuesSelect: (top, rows) =>
      topValuesSql(top, rows, {
        value: operand(top.column),
        cut: (expression, characters) => cutText(text(expression, top.column), characters),
        hasWindows: parts.hasWindows !== false,
      }),
    hasSingles: parts.hasSingles === true,
    hasNonFinite: (column) => parts.finite?.(column, '') !== undefined,
    scaled: (column, factor) => `(${summed(column)}) * ${factor}`,
    difference: (column, by) => parts.difference(column, by),
    shown: (column) => parts.shown(column),
    base64: parts.base64,
    read: (measure, cell) => parts.read(measure, cell),
  };
}
