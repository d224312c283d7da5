import { PermanentError } from '../errors/index.js';
import { compileMeasures, type Ask, type Measuring, type OpenSplits } from '../measures/index.js';
import type { CreateTableProfileRequest, TableProfile } from '../openmetadata/index.js';
import type { MeasureDialect, MeasureValue, RowSet, TableFacts } from '../sources/index.js';
import { INGREDIENTS } from './describe-problems.js';
import { asDoubles } from './exact-values.js';
import { leftOutValues, missingValues } from './missing-values.js';
import { named } from './named.js';
import { keyOf, numberOf, ROWS_KEY } from './profile-asks.js';
import { countedColumns, profileColumns } from './profile-columns.js';
import { askedOf, MULTIPLIED, WAITS_ITS_TURN, type Asked } from './refused-before.js';
import { remeasureValues } from './remeasure-values.js';
import type { TablePlan } from './table-plan.js';
import { wholeCountSql } from './whole-count.js';
import { takeAsked } from './take-asked.js';
import { takeCustom, type CustomRemarks } from './take-custom.js';
import { onlyCounted } from './unlike-catalog.js';
import { lackingMultiples } from './unread-column.js';
import { worthAsking } from './worth-asking.js';

export interface TableProfiling {
  readonly dialect: MeasureDialect;
  readonly measuring: Measuring;
  /** What the source's catalogue says about the table. */
  readonly facts: TableFacts;
  /** Time of the profiles: the same in each attempt of a run. */
  readonly timestamp: number;
  /** Keys of measures that failed before, those first whose turn it is to be asked for again. */
  readonly suspects?: ReadonlySet<string>;
  /** Gets the measures that the engine refuses, with reasons, as they are found. */
  readonly problems?: Map<string, string>;
  /** Statements that an earlier try split, and that this one leaves to the next. */
  readonly splits?: OpenSplits;
}

export interface ProfiledTable {
  readonly request: CreateTableProfileRequest;
  /** Nothing is measured, and nothing is wrong with that: the profile isn't put, as it would hide the one before. */
  readonly isNothing?: true;
  /** How many rows were measured, where they were counted. */
  readonly rows?: number;
  /** Keys of measures that the engine refused, now or before, for the next run. */
  readonly suspects: readonly string[];
  /** Those without a value that the report names, with reasons: refused ones, and what a double doesn't hold. */
  readonly missing: ReadonlyMap<string, string>;
  /** Of custom metrics. */
  readonly failures: readonly string[];
  /** What else the report says. */
  readonly remarks: readonly string[];
}

type Values = ReadonlyMap<string, MeasureValue>;
/** @param rows the table's if absent */
type Take = (asks: readonly Ask[], rows?: RowSet) => Promise<Values>;

/**
 * Measures a table and makes its profile.
 * @throws PermanentError when the rows can't be read, or nothing at all could be measured; StatementTimeout;
 * TransientError
 */
export async function profileTable(given: TablePlan, profiling: TableProfiling): Promise<ProfiledTable> {
  const { dialect, measuring, facts, timestamp, suspects, splits, problems = new Map<string, string>() } = profiling;
  const custom: CustomRemarks = { failures: [], empty: [] };
  const exact = new Map<string, string>();
  const take: Take = async (asks, rows = given.rows) => {
    const values = await takeAsked(asks, rows, { dialect, measuring, suspects, splits, problems });
    return asDoubles(asks, values, exact);
  };

  const asked = askedOf(given, dialect, suspects);
  const values = new Map(await take(worthAsking(asked, given, facts)));
  const again = await takeAgain(asked, given, profiling, problems);
  for (const [key, value] of asDoubles([...asked.again, ...asked.waiting], again, exact)) values.set(key, value);
  for (const key of asked.ofMultiples) values.set(key, null);
  const { plan, remark } = onlyCounted(given, values);
  const remeasured = await remeasureValues(plan, values, {
    ...{ dialect, measuring, take, suspects, problems },
    ofMultiples: asked.ofMultiples,
  });
  for (const [key, value] of remeasured.values) values.set(key, value);
  const { columns, unread } =
    plan.tooLarge === undefined
      ? await profileColumns(
          { plan, values, exact, remeasured },
          { dialect, measuring, timestamp, take, suspects, problems, custom }
        )
      : countedColumns(plan, values, timestamp);
  const ofTable = {
    ...(await tableMetrics(plan, profiling, values)),
    ...(plan.tooLarge === undefined ? await takeCustom(plan.customMetrics, measuring, custom) : {}),
  };
  const { failures } = custom;
  const isNothing = Object.keys(ofTable).length === 0 && columns.length === 0;
  if (isNothing && (failures.length > 0 || problems.size > 0 || !mayBeNothing(plan, custom)))
    throw new PermanentError('No profile data computed.', {
      where: plan.fqn,
      remedy: failures[0] ?? firstOf(problems),
    });
  if (columns.length === 0 && plan.columns.length > 0 && failsAll(plan, problems))
    throw new PermanentError(`None of its columns can be measured: ${firstOf(problems)}`, { where: plan.fqn });
  const rows = numberOf(values.get(ROWS_KEY));
  const leftOut = leftOutValues(plan, values);
  // what is beyond doubles is said alike by the run that is refused it and by those that know
  const told = new Map([...problems].filter(([key]) => !remeasured.mended.has(key) && !remeasured.beyond.has(key)));
  const tableProfile = { timestamp, ...ofTable, ...sampleOf(plan) };
  return {
    request: { tableProfile, ...(columns.length > 0 ? { columnProfile: columns } : {}) },
    ...(isNothing ? { isNothing } : {}),
    suspects: [...new Set([...stillMultiplied(asked, plan, problems), ...problems.keys()])],
    failures,
    missing: new Map([
      ...lackingMultiples(asked, unread, problems),
      ...told,
      ...missingValues(plan, values, columns, told, exact),
    ]),
    remarks: [leftOut, remark].flatMap((each) => each ?? []).concat(emptyRemark(custom)),
    ...(Number.isNaN(rows) ? {} : { rows }),
  };
}

/** Rows are shown, a custom metric has no value by now, or what costs something is not asked for. */
function mayBeNothing(plan: TablePlan, { empty }: CustomRemarks): boolean {
  const showsRows = plan.sampleData !== undefined || plan.emptiesSample === true;
  // that comes behind this
  const hasHistory = plan.tableMetrics.includes('system');
  return showsRows || hasHistory || plan.tooLarge !== undefined || empty.length > 0;
}

function emptyRemark({ empty }: CustomRemarks): string[] {
  if (empty.length === 0) return [];
  return [`custom metrics without a value, as their SELECT gives NULL, NaN, an infinity or no row: ${named(empty)}`];
}

/** Each column of which something is asked was refused: the next run is to begin anew, and not to remember that. */
function failsAll({ columns, tooLarge }: TablePlan, problems: ReadonlyMap<string, string>): boolean {
  if (tooLarge !== undefined) return false;
  const asked = columns.filter(({ metrics }) => metrics.length > 0);
  return asked.length > 0 && asked.every((column) => INGREDIENTS.some((each) => problems.has(keyOf(column, each))));
}

function firstOf(problems: ReadonlyMap<string, string>): string {
  const [first] = problems.values();
  return first ?? 'Its metrics are all switched off, or none is measured of columns of these types.';
}

/**
 * What was refused before: no statement of it is split, so that it costs one statement until it can be measured. What
 * refused that may have refused all (a right, a broken view): then the others are asked for, too.
 */
async function takeAgain(
  { again, waiting }: Asked,
  { rows }: TablePlan,
  { dialect, measuring }: TableProfiling,
  problems: Map<string, string>
): Promise<Values> {
  const measured = await measuring.takeWhole(compileMeasures(dialect, rows, again));
  const { values } = measured;
  if (again.length > 0 && measured.problems.size === 0) {
    const others = await measuring.takeWhole(compileMeasures(dialect, rows, waiting));
    for (const [key, value] of others.values) values.set(key, value);
  }
  for (const { key } of waiting) if (!values.has(key)) problems.set(key, WAITS_ITS_TURN);
  for (const [key, reason] of measured.problems) problems.set(key, reason);
  return values;
}

/** Not of a column all of which was refused, and which can be read by now: it is asked for as a whole. */
function stillMultiplied(
  { again, ofMultiples }: Asked,
  { columns }: TablePlan,
  problems: ReadonlyMap<string, string>
): string[] {
  const names = new Set(
    again.flatMap(({ key, measure }) => ('column' in measure && !problems.has(key) ? [measure.column.name] : []))
  );
  const mended = columns.filter(({ column }) => names.has(column.name));
  const whole = new Set(mended.flatMap((column) => MULTIPLIED.map((each) => keyOf(column, each))));
  return [...ofMultiples].filter((key) => !whole.has(key));
}

/** rowCount is for the table, or of its partition; never that of a sample. */
async function tableMetrics(
  plan: TablePlan,
  { dialect, measuring, facts }: TableProfiling,
  values: Values
): Promise<Omit<TableProfile, 'timestamp'>> {
  const wants = (metric: string): boolean => plan.tableMetrics.includes(metric);
  const { rows } = plan;
  const counted = rows.sample === undefined ? values.get(ROWS_KEY) : undefined;
  let rowCount = counted === undefined || counted === null ? plan.counted : Number(counted);
  if (rowCount === undefined && rows.where === undefined && rows.query === undefined) rowCount = facts.rows;
  const count = wholeCountSql(plan, dialect, facts);
  if (count !== undefined) {
    const [row] = await measuring.rows(count);
    rowCount = Number(row?.[0] ?? 0);
  }
  return {
    ...(wants('columnCount') ? { columnCount: plan.columns.length } : {}),
    ...(wants('rowCount') && rowCount !== undefined ? { rowCount } : {}),
    ...(wants('rowCount') && facts.bytes !== undefined ? { sizeInByte: facts.bytes } : {}),
    ...(wants('rowCount') && facts.createdAt !== undefined
      ? { createDateTime: new Date(facts.createdAt).toISOString() }
      : {}),
  };
}

/** The type stands there without a sample too, as OpenMetadata's own profiler writes it. */
function sampleOf({ profileSample, profileSampleType = 'PERCENTAGE' }: TablePlan): Partial<TableProfile> {
  return { ...(profileSample === undefined ? {} : { profileSample }), profileSampleType };
}
