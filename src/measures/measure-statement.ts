import type {
  Bins,
  Cell,
  Condition,
  GroupedCounts,
  Measure,
  MeasureDialect,
  MeasuredColumn,
  MeasureValue,
  RowSet,
} from '../sources/index.js';
import { binsSelect } from './bins-select.js';
import { interpolate, interpolateExactly } from './interpolate.js';

/** A measure under the caller's own key, by which its value is found. */
export interface Ask {
  readonly key: string;
  readonly measure: Measure;
}

/** What one statement is made from; a statement that fails is split between them. */
export type Part =
  | { readonly kind: 'expression'; readonly ask: Ask }
  | { readonly kind: 'grouped'; readonly counts: GroupedCounts; readonly asks: readonly Ask[] }
  | { readonly kind: 'bins'; readonly bins: Bins; readonly asks: readonly Ask[] };

/** One statement that gets several measures at once. */
export class MeasureStatement {
  constructor(
    private readonly dialect: MeasureDialect,
    private readonly rows: RowSet,
    readonly parts: readonly Part[]
  ) {}

  get asks(): readonly Ask[] {
    return this.parts.flatMap(asksOf);
  }

  /** The names of the columns that are measured. */
  get columns(): readonly string[] {
    return [...new Set(this.asks.flatMap(({ measure }) => ('column' in measure ? [measure.column.name] : [])))];
  }

  get sql(): string {
    const { dialect, rows, parts } = this;
    const expressions = parts.flatMap((part) => (part.kind === 'expression' ? [part.ask.measure] : []));
    if (expressions.length > 0) {
      const list = expressions.map((measure, at) => `${dialect.expression(measure)} AS m${at}`);
      return `SELECT ${list.join(', ')} ${dialect.from(rows, columnsOf(expressions))}`;
    }
    const selects = parts.flatMap((part, index) => {
      if (part.kind === 'grouped')
        return [dialect.groupedSelect(index, part.counts, dialect.from(rows, [part.counts.column]))];
      if (part.kind === 'bins') return [binsSelect(index, part.bins, dialect.from(rows, [part.bins.column]), dialect)];
      return [];
    });
    return selects.join('\nUNION ALL\n');
  }

  /**
   * When all of it is of one column: a statement that only reads this column, in one row. It fails where the column
   * itself is what the engine refuses (it isn't in a user's SELECT, or may not be read).
   */
  get columnProbe(): string | undefined {
    const [first, ...others] = this.columns;
    const columns = this.asks.flatMap(({ measure }) => ('column' in measure ? [measure.column] : []));
    const [column] = columns;
    if (first === undefined || column === undefined || others.length > 0 || columns.length < this.asks.length)
      return undefined;
    const { table, isView, query, where } = this.rows;
    const whole: RowSet = {
      ...{ table, isView },
      ...(query === undefined ? {} : { query }),
      ...(where === undefined ? {} : { where }),
    };
    return `SELECT ${this.dialect.quote(first)} AS one ${this.dialect.from(whole, [column])} LIMIT 1`;
  }

  /** The statement without what is measured of a column, if there is anything else, and what that is. */
  without(column: string): { readonly rest?: MeasureStatement; readonly asks: readonly Ask[] } {
    const isOfIt = (part: Part): boolean => columnOf(part) === column;
    const kept = this.parts.filter((part) => !isOfIt(part));
    const asks = this.parts.filter(isOfIt).flatMap(asksOf);
    return { ...(kept.length === 0 ? {} : { rest: new MeasureStatement(this.dialect, this.rows, kept) }), asks };
  }

  /** What measures any of these keys, and the rest. */
  within(keys: ReadonlySet<string>): { readonly inside?: MeasureStatement; readonly outside?: MeasureStatement } {
    const isInside = (part: Part): boolean => asksOf(part).some(({ key }) => keys.has(key));
    const inside = this.parts.filter(isInside);
    if (inside.length === 0) return { outside: this };
    const outside = this.parts.filter((part) => !isInside(part));
    const some = (parts: readonly Part[]): MeasureStatement => new MeasureStatement(this.dialect, this.rows, parts);
    return { inside: some(inside), ...(outside.length === 0 ? {} : { outside: some(outside) }) };
  }

  /** Two statements with about half of the parts each, cut between two columns if there are several. */
  halves(): [MeasureStatement, MeasureStatement] {
    const middle = this.#middle();
    const half = (parts: readonly Part[]): MeasureStatement => new MeasureStatement(this.dialect, this.rows, parts);
    return [half(this.parts.slice(0, middle)), half(this.parts.slice(middle))];
  }

  #middle(): number {
    const names = this.parts.map(columnOf);
    const middle = Math.ceil(names.length / 2);
    const cuts = names.flatMap((name, at) => (at > 0 && name !== names[at - 1] ? [at] : []));
    return (
      cuts.reduce(
        (best, at) => (best === undefined || Math.abs(at - middle) < Math.abs(best - middle) ? at : best),
        cuts[0]
      ) ?? middle
    );
  }

  /** The values of its measures, from the rows that came back. */
  read(rows: readonly (readonly Cell[])[]): Map<string, MeasureValue> {
    const values = new Map<string, MeasureValue>();
    const [only] = rows;
    for (const [index, part] of this.parts.entries()) {
      if (part.kind === 'expression') {
        values.set(part.ask.key, this.dialect.read(part.ask.measure, only?.[index] ?? null));
        continue;
      }
      const own = rows.filter((row) => Number(row[0]) === index);
      for (const ask of part.asks)
        values.set(
          ask.key,
          part.kind === 'bins' ? readBin(ask.measure, own) : readGrouped(ask.measure, part.counts, own[0] ?? [])
        );
    }
    return values;
  }
}

/** A measure in a row that `groupedSelect` returned. */
export function readGrouped(measure: Measure, { percentiles }: GroupedCounts, row: readonly Cell[]): MeasureValue {
  const [, distinct = null, unique = null, total = null] = row;
  if (measure.of === 'distinct') return Number(distinct ?? 0);
  if (measure.of === 'unique') return Number(unique ?? 0);
  if (measure.of !== 'percentile') return null;
  const at = 4 + 2 * percentiles.indexOf(measure.fraction);
  const [low = null, high = null] = row.slice(at, at + 2);
  const value = measure.exact === true ? interpolateExactly : interpolate;
  return value(measure.fraction, Number(total ?? 0), low, high);
}

/** A bin in the rows of a `binsSelect`. */
function readBin(measure: Measure, rows: readonly (readonly Cell[])[]): MeasureValue {
  const at = measure.of === 'bin' ? measure.at : undefined;
  const row = rows.find(([, bin]) => bin !== null && Number(bin) === at);
  return Number(row?.[2] ?? 0);
}

function asksOf(part: Part): readonly Ask[] {
  return part.kind === 'expression' ? [part.ask] : part.asks;
}

/** The column that all of a part is about, if it is one. */
function columnOf(part: Part): string | undefined {
  if (part.kind === 'bins') return part.bins.column.name;
  if (part.kind === 'grouped') return part.counts.column.name;
  return 'column' in part.ask.measure ? part.ask.measure.column.name : undefined;
}

/** The columns that the expressions read; a user's own SQL may read any. */
function columnsOf(measures: readonly Measure[]): readonly MeasuredColumn[] | 'all' {
  const columns = new Map<string, MeasuredColumn>();
  for (const measure of measures) {
    const read =
      measure.of === 'countWhere' ? conditionColumns(measure.condition) : 'column' in measure ? [measure.column] : [];
    if (read === 'all') return 'all';
    for (const column of read) columns.set(column.name, column);
  }
  return [...columns.values()];
}

/** The columns that a condition reads. */
export function conditionColumns(condition: Condition): readonly MeasuredColumn[] | 'all' {
  switch (condition.op) {
    case 'sql':
      return 'all';
    case 'not':
      return conditionColumns(condition.of);
    case 'and':
    case 'or': {
      const parts = condition.of.map(conditionColumns);
      return parts.includes('all') ? 'all' : parts.flatMap((each) => (each === 'all' ? [] : each));
    }
    default:
      return [condition.column];
  }
}
