import { momentBefore, ownValues, unsampled, type ComparedTexts } from '../measures/index.js';
import {
  asWritten,
  isSingle,
  type Condition as SourceCondition,
  type Measure as SourceMeasure,
  type MeasureDialect,
  type MeasuredColumn,
  type MeasureValue,
  type RowSet,
  type Scalar,
} from '../sources/index.js';
import { COLUMN_DATA_TYPES, type ColumnDataType } from '../openmetadata/index.js';
import type { ExactNumber } from './bounds.js';
import { columnKind } from './column-kind.js';
import { comparedConditions } from './compared-conditions.js';
import type { CellValue, Condition, Measure } from './measure.js';
import type { ColumnUnderTest } from './column-under-test.js';
import { asSingle } from './single-float.js';

const DATA_TYPES: ReadonlySet<string> = new Set(COLUMN_DATA_TYPES);

/** Turns what tests ask for into what connectors measure. */
export class MeasureTranslator {
  readonly #columns: ReadonlyMap<string, MeasuredColumn>;
  /** By the columns' names. */
  readonly #lacking = new Map<string, ReadonlySet<string>>();

  /** @param now milliseconds since the epoch; `since` counts back from here */
  constructor(
    columns: readonly ColumnUnderTest[],
    private readonly rows: RowSet,
    private readonly dialect: MeasureDialect,
    private readonly now: number
  ) {
    this.#columns = new Map(columns.map((column) => [column.name, measuredColumn(column)]));
  }

  measure(measure: Measure): SourceMeasure {
    if (measure.kind === 'rowCount') return { of: 'rows' };
    if (measure.kind === 'countWhere') return { of: 'countWhere', condition: this.condition(measure.where) };
    const column = this.column(measure.column);
    switch (measure.kind) {
      case 'valuesCount':
        return { of: 'values', column };
      case 'nullCount':
        return { of: 'countWhere', condition: { op: 'isNull', column } };
      case 'uniqueCount':
        return { of: 'unique', column };
      case 'median':
        return { of: 'percentile', column, fraction: 0.5, exact: true };
      case 'minLength':
        return { of: 'min', column, on: 'characters' };
      case 'maxLength':
        return { of: 'max', column, on: 'characters' };
      case 'min':
      case 'max':
      case 'sum':
      case 'mean':
      case 'stddev':
        return { of: measure.kind, column, exact: true };
    }
  }

  /** What sets and patterns have of texts. */
  comparedTexts(measures: readonly Measure[]): readonly ComparedTexts[] {
    return comparedConditions(measures).map((condition) => ({
      column: this.column(condition.column),
      texts:
        condition.op === 'matches'
          ? [condition.pattern]
          : condition.values.filter((value) => typeof value === 'string'),
    }));
  }

  /** From now on, these are taken for texts that their columns can't hold. */
  lack(lacking: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [name, texts] of lacking)
      this.#lacking.set(name, new Set([...(this.#lacking.get(name) ?? []), ...texts]));
  }

  /** A measured value as tests compare it, with what somebody wrote. */
  value(measure: Measure, value: MeasureValue | undefined): CellValue {
    if (value === undefined || value === null) return null;
    if (typeof value === 'bigint') return value.toString();
    const isEnd = measure.kind === 'min' || measure.kind === 'max';
    return isEnd && typeof value === 'number' && isSingle(this.column(measure.column), this.dialect)
      ? asWritten(value)
      : value;
  }

  /** As `Measured.stored` has it. */
  stored(column: string, written: ExactNumber): ExactNumber {
    return typeof written === 'number' && isSingle(this.column(column), this.dialect) ? asSingle(written) : written;
  }

  condition(condition: Condition): SourceCondition {
    switch (condition.op) {
      case 'isNull':
        return { op: 'isNull', column: this.column(condition.column) };
      case 'in':
        return this.#among(this.column(condition.column), condition.values);
      case 'matches':
        return this.#matching(this.column(condition.column), condition.pattern);
      case 'outside':
      case 'lengthOutside':
        return this.#outside(condition);
      case 'since': {
        const column = this.column(condition.column);
        return { op: 'compare', column, is: '>=', value: momentBefore(this.now, condition.amount, condition.unit) };
      }
      case 'repeated':
        return this.#repeated(this.column(condition.column));
      case 'not':
        return { op: 'not', of: this.condition(condition.of) };
      case 'or':
        return { op: 'or', of: condition.any.map((each) => this.condition(each)) };
      case 'and':
        return { op: 'and', of: condition.all.map((each) => this.condition(each)) };
    }
  }

  column(name: string): MeasuredColumn {
    return this.#columns.get(name) ?? { name, dataType: 'UNKNOWN' };
  }

  #outside(condition: Extract<Condition, { op: 'outside' | 'lengthOutside' }>): SourceCondition {
    const { min, max } = condition;
    const column = this.column(condition.column);
    const end = (value: number | string): Scalar => {
      if (columnKind(column) !== 'number') return value;
      return typeof value === 'number' && isSingle(column, this.dialect) ? asSingle(value) : numberScalar(value);
    };
    const on = condition.op === 'lengthOutside' ? ({ on: 'length' } as const) : {};
    return {
      op: 'or',
      of: [
        ...(min === undefined ? [] : [{ op: 'compare', column, is: '<', value: end(min), ...on } as const]),
        ...(max === undefined ? [] : [{ op: 'compare', column, is: '>', value: end(max), ...on } as const]),
        ...(min === undefined || max !== undefined || condition.op !== 'outside' ? [] : this.#isNaN(column)),
      ],
    };
  }

  /** It is above all numbers, and so above each upper bound, but within no limit. */
  #isNaN(column: MeasuredColumn): SourceCondition[] {
    const mayBe = columnKind(column) === 'number' && this.dialect.hasNonFinite?.(column) === true;
    return mayBe ? [{ op: 'compare', column, is: '=', value: 'NaN' }] : [];
  }

  /** A pattern may match what the column holds, although it has more. */
  #matching(column: MeasuredColumn, pattern: string): SourceCondition {
    const narrow = this.#isLacking(column, pattern) ? { isNarrow: true as const } : {};
    return { op: 'matches', column: { ...column, ...narrow }, pattern };
  }

  #isLacking({ name }: MeasuredColumn, value: string | number | boolean): boolean {
    return typeof value === 'string' && this.#lacking.get(name)?.has(value) === true;
  }

  /** What the engine would refuse as no value of the column's type is in none of its rows. */
  #among(column: MeasuredColumn, cells: readonly CellValue[]): SourceCondition {
    const values = cells.flatMap((value): readonly Scalar[] => {
      if (value === null) return [];
      const own = ownValues(column, value, this.dialect);
      if (own === undefined) return this.#isLacking(column, value) ? [] : [value];
      return Array.isArray(own) ? own : [];
    });
    return { op: 'in', column, values };
  }

  /** Looked up in all rows, not in a sample: a value that occurs twice in the table isn't unique. */
  #repeated(column: MeasuredColumn): SourceCondition {
    const { dialect } = this;
    const name = dialect.caseless?.folded(column) ?? dialect.quote(column.name);
    return {
      op: 'sql',
      sql: `${name} IN (SELECT ${name} ${dialect.from(unsampled(this.rows), [column])} GROUP BY ${name} HAVING COUNT(*) > 1)`,
    };
  }
}

export function measuredColumn({ name, dataType, display }: ColumnUnderTest): MeasuredColumn {
  return {
    name,
    dataType: isDataType(dataType) ? dataType : 'UNKNOWN',
    ...(display === undefined ? {} : { display }),
  };
}

function isDataType(text: string): text is ColumnDataType {
  return DATA_TYPES.has(text);
}

/** Text is a number that a double can't hold: no engine shall take it for one. */
function numberScalar(value: number | string): Scalar {
  if (typeof value === 'number') return value;
  return /^-?\d+$/.test(value) ? BigInt(value) : { decimal: value };
}
