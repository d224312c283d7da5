import type {
  Bins,
  GroupedCounts,
  Measure,
  MeasureDialect,
  MeasuredColumn,
  Operand,
  RowSet,
} from '../sources/index.js';
import { MeasureStatement, type Ask, type Part } from './measure-statement.js';

export interface Compiled {
  readonly statements: readonly MeasureStatement[];
  /** What was asked for that this server can't answer, with the reason. */
  readonly unsupported: ReadonlyMap<string, string>;
}

/**
 * As few statements as the engine allows: one for what its metadata answers, one for all aggregates, one for all that
 * is read from grouped counts, one for all that is counted in bins; each split as the engine's limits require.
 * @param suspects keys that failed before: they get statements of their own, so that they don't fail the others
 */
export function compileMeasures(
  dialect: MeasureDialect,
  rows: RowSet,
  asks: readonly Ask[],
  suspects: ReadonlySet<string> = new Set()
): Compiled {
  const unsupported = new Map<string, string>();
  const able: Ask[] = [];
  for (const ask of asks) {
    const reason = dialect.unsupported?.(ask.measure);
    if (reason === undefined) able.push(ask);
    else unsupported.set(ask.key, reason);
  }
  const statements = [
    able.filter(({ key }) => !suspects.has(key)),
    able.filter(({ key }) => suspects.has(key)),
  ].flatMap((some) => arrange(dialect, rows, some));
  return { statements, unsupported };
}

function arrange(dialect: MeasureDialect, rows: RowSet, asks: readonly Ask[]): MeasureStatement[] {
  const free: Part[] = [];
  const aggregates: Part[] = [];
  const grouped: Ask[] = [];
  const uniqueColumns = new Set(asks.flatMap(({ measure }) => (measure.of === 'unique' ? [measure.column.name] : [])));
  for (const ask of asks) {
    const placement = dialect.placement(ask.measure, rows);
    // groups that are counted anyway tell how many there are, and need no estimate
    const besideUnique = ask.measure.of === 'distinct' && uniqueColumns.has(ask.measure.column.name);
    if (placement === 'grouped' || besideUnique) grouped.push(ask);
    else (placement === 'free' ? free : aggregates).push({ kind: 'expression', ask });
  }
  return [
    ...slices(free, dialect.mostExpressions),
    ...slices(aggregates, dialect.mostExpressions),
    ...slices(groupedParts(grouped), dialect.mostSelects),
    ...slices(binsParts(grouped), dialect.mostSelects),
  ].map((parts) => new MeasureStatement(dialect, rows, parts));
}

/** One part for each column, and one for its lengths. */
function groupedParts(asks: readonly Ask[]): Part[] {
  const groups = new Map<string, { column: MeasuredColumn; on: Operand; asks: Ask[] }>();
  for (const ask of asks) {
    const { measure } = ask;
    if (measure.of !== 'distinct' && measure.of !== 'unique' && measure.of !== 'percentile') continue;
    const on = measure.of === 'percentile' ? (measure.on ?? 'value') : 'value';
    const group = groups.get(`${on} ${measure.column.name}`) ?? { column: measure.column, on, asks: [] };
    group.asks.push(ask);
    groups.set(`${on} ${measure.column.name}`, group);
  }
  const wanted = [...groups.values()].map(({ column, on, asks: own }) => ({
    column,
    on,
    asks: own,
    distinct: own.some(({ measure }) => measure.of === 'distinct'),
    unique: own.some(({ measure }) => measure.of === 'unique'),
    percentiles: fractionsOf(own.map(({ measure }) => measure)),
    finite: own.some(({ measure }) => measure.of === 'percentile' && measure.finite === true),
  }));
  const slots = Math.max(0, ...wanted.map(({ percentiles }) => percentiles.length));
  return wanted.map(({ asks: own, ...counts }) => {
    const withSlots: GroupedCounts = { ...counts, slots };
    return { kind: 'grouped', counts: withSlots, asks: own };
  });
}

/** One part for each column and its bins. */
function binsParts(asks: readonly Ask[]): Part[] {
  const parts = new Map<string, { bins: Bins; asks: Ask[] }>();
  for (const ask of asks) {
    const { measure } = ask;
    if (measure.of !== 'bin') continue;
    const { column, bounds, finite = false } = measure;
    const part = parts.get(column.name) ?? { bins: { column, bounds, finite }, asks: [] };
    part.asks.push(ask);
    parts.set(column.name, part);
  }
  return [...parts.values()].map((part) => ({ kind: 'bins', ...part }));
}

function fractionsOf(measures: readonly Measure[]): number[] {
  return [...new Set(measures.flatMap((measure) => (measure.of === 'percentile' ? [measure.fraction] : [])))].sort(
    (left, right) => left - right
  );
}

/** Slices of about the same size, none above `most`. */
function slices(parts: readonly Part[], most: number): Part[][] {
  const count = Math.ceil(parts.length / most);
  const size = Math.ceil(parts.length / Math.max(1, count));
  return Array.from({ length: count }, (_, at) => parts.slice(at * size, (at + 1) * size));
}
