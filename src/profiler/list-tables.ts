import { AuthenticationError, PermanentError, RecordError } from '../errors/index.js';
import { compileMeasures, hiddenRows, type Ask } from '../measures/index.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { MeasureDialect, MeasureSource, SchemaFacts, TableFacts } from '../sources/index.js';
import { AlikeTables } from './alike-tables.js';
import type { LeftOutLine } from './journal.js';
import type { ListedTable } from './plan-units.js';
import { INSTEAD, isMissing, MISSING, missingSchema } from './missing-table.js';
import { named } from './named.js';
import { nothingSelected } from './nothing-selected.js';
import { askedOf } from './refused-before.js';
import { refusedColumns } from './refused-columns.js';
import { hasFreeMetric } from './profile-asks.js';
import type { UnchangedTable } from './late-changes.js';
import { isUnchanged, unchangedSince, type RememberedTables } from './remembered.js';
import { planHash } from './plan-hash.js';
import { resolvePlan, type PlanSettings } from './resolve-plan.js';
import { sampleDataSql } from './sample-data.js';
import { expectedMultiples } from './scale-columns.js';
import { selectSchemas, type SelectionInput } from './select-tables.js';
import type { TablePlan } from './table-plan.js';
import { UnboundedTables } from './unbounded-tables.js';
import { UnmetNames } from './unmet-names.js';
import { sampleCountSql } from './sample-by-count.js';
import { wholeCountSql } from './whole-count.js';
import { worthAsking } from './worth-asking.js';

export interface ListInput extends Omit<SelectionInput, 'onFiltered'> {
  readonly settings: Pick<PlanSettings, 'server' | 'now'>;
  readonly source: Pick<MeasureSource, 'dialect' | 'facts'>;
  /** From earlier runs; empty when nothing is remembered. */
  readonly remembered: RememberedTables;
  readonly recorder: PartRecorder;
  /**
   * Called for each table that gets no profile or only part of one, and for databases and schemas that patterns leave
   * out.
   */
  readonly onLeftOut?: (line: LeftOutLine) => void | Promise<void>;
  /**
   * Called for each table that is to be profiled, or can't be: it may have rows in OpenMetadata that may not be shown
   * any more, which go whatever becomes of the table.
   */
  readonly onDue?: (table: ProfiledTableRecord) => void | Promise<void>;
  /** Called for each table that gets no profile as nothing changed, and whose system profile is asked for. */
  readonly onUnchanged?: (table: UnchangedTable) => void;
  /** For a plan before anything runs. */
  readonly onPlanned?: (plan: TablePlan, statements: readonly string[]) => void;
}

/** All tables to profile: selected, present in the source, and changed since their last profile. */
export async function listTables(input: ListInput): Promise<ListedTable[]> {
  const { recipe, recorder, source } = input;
  const listed: ListedTable[] = [];
  let selected = 0;
  const leave = async (line: LeftOutLine): Promise<void> => input.onLeftOut?.(line);
  const names = new UnmetNames(recipe);
  const unbounded = new UnboundedTables(recipe);
  const alike = new AlikeTables();
  const hidden: string[] = [];
  const onFiltered = async (fqn: string, reason: string): Promise<void> => {
    names.met(fqn, true);
    recorder.count('source', { filtered: 1 });
    await leave({ fqn, outcome: 'filtered', reason });
  };
  for await (const schema of selectSchemas({ ...input, onFiltered })) {
    names.met(schema.database.fullyQualifiedName);
    names.met(schema.schema.fullyQualifiedName);
    let facts: SchemaFacts | undefined;
    let problem: string | undefined;
    let missing = 0;
    for await (const record of schema.tables) {
      selected += 1;
      names.met(record.fullyQualifiedName);
      names.columns(record);
      recorder.count('source', { records: 1 });
      if (problem === undefined && facts === undefined) {
        try {
          facts = await source.facts(schema.names);
        } catch (error) {
          // A schema or a database that can't be read takes its own tables with it, not those of others.
          if (!(error instanceof PermanentError || error instanceof AuthenticationError)) throw error;
          problem = error.describe();
          recorder.failure('profiler', schema.schema.fullyQualifiedName, problem);
        }
      }
      if (facts === undefined) {
        await input.onDue?.(record);
        await leave({ fqn: record.fullyQualifiedName, outcome: 'failed', reason: problem ?? '' });
        continue;
      }
      const settings: PlanSettings = {
        ...input.settings,
        recipe,
        dialect: source.dialect,
        database: schema.database.databaseProfilerConfig,
        schema: schema.schema.databaseSchemaProfilerConfig,
      };
      try {
        const fqn = record.fullyQualifiedName;
        const { table, remark } = toListed(
          { ...input, unbounded, alike },
          record,
          facts,
          settings,
          schema.schema.fullyQualifiedName
        );
        if (remark?.outcome !== 'unchanged') await input.onDue?.(record);
        if (remark !== undefined) await leave({ fqn, ...remark });
        if (table !== undefined) {
          listed.push(table);
          unbounded.see(table);
          if (table.facts.hidesRows === true) hidden.push(fqn);
        }
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        await input.onDue?.(record);
        if (facts.tables.size === 0 && error.message === MISSING) missing += 1;
        else recorder.failure('profiler', record.fullyQualifiedName, error.describe());
        await leave({ fqn: record.fullyQualifiedName, outcome: 'failed', reason: error.describe() });
      }
    }
    if (missing > 0) recorder.failure('profiler', schema.schema.fullyQualifiedName, missingSchema(missing));
  }
  alike.tell(recorder, recipe.workflowConfig.config?.profiler?.budget?.statements);
  for (const line of unbounded.lines()) recorder.note(line);
  if (hidden.length > 0) recorder.note(hiddenRows(named(hidden), 'measured'));
  const unmet = await names.line(input.client, input.signal);
  if (unmet !== undefined) recorder.warning('source', unmet);
  if (selected === 0) recorder.note(await nothingSelected(input));
  return listed;
}

/**
 * No table if it didn't change; the remark says why it gets no profile, or only part of one.
 * @throws RecordError for faults in its configuration, and where the source has no such table
 */
function toListed(
  {
    recipe,
    recorder,
    remembered,
    source,
    onPlanned,
    onUnchanged,
    unbounded,
    alike,
  }: ListInput & { readonly unbounded: UnboundedTables; readonly alike: AlikeTables },
  record: Parameters<typeof resolvePlan>[0],
  facts: SchemaFacts,
  settings: PlanSettings,
  schema: string
): { readonly table?: ListedTable; readonly remark?: Omit<LeftOutLine, 'fqn'> } {
  const fqn = record.fullyQualifiedName;
  const byName = resolvePlan(record, undefined, settings).rows.table.table;
  if (isMissing(byName, record, facts)) throw new RecordError(MISSING, fqn, { remedy: INSTEAD });
  const known = facts.tables.get(byName);
  const plan = resolvePlan(record, known, settings);
  const before = remembered.get(fqn);
  const asksChanges = plan.tableMetrics.includes('system');
  // a user's SELECT may read other tables, or the clock
  const showsChanges = !plan.movesWithTime && plan.rows.query === undefined;
  // what was refused of other columns or rows says nothing of these
  const earlier = before?.hash === planHash(plan) ? before : undefined;
  const suspects = earlier?.suspects;
  const skips = recipe.workflowConfig.config?.profiler?.skipUnchanged !== false && showsChanges;
  const unchanged =
    skips && before !== undefined && isUnchanged(before, planHash(plan), known?.changed) ? before : undefined;
  if (unchanged !== undefined && refusedColumns(plan, source.dialect, unchanged.suspects ?? []).length === 0) {
    recorder.count('profiler', { unchanged: 1 });
    if (asksChanges) onUnchanged?.({ id: record.id, fqn, table: plan.rows.table });
    return { remark: { outcome: 'unchanged', reason: unchangedSince(unchanged) } };
  }
  if (plan.tooLarge !== undefined && !getsSomething(plan, source.dialect)) {
    const reason = `${plan.tooLarge}, and none of its metrics comes for nothing`;
    alike.seeTooLarge(fqn, reason, false);
    recorder.count('profiler', { filtered: 1 });
    return { remark: { outcome: 'filtered', reason } };
  }
  const isTable = known !== undefined && !known.isView;
  if (skips && isTable && known.changed === undefined && earlier !== undefined && earlier.lacks !== true)
    unbounded.seeUntold(fqn);
  const tooLarge = plan.tooLarge === undefined ? undefined : `${plan.tooLarge}; it gets the metrics that cost nothing.`;
  if (tooLarge !== undefined) alike.seeTooLarge(fqn, tooLarge, true);
  const statements = plannedStatements(plan, source.dialect, new Set(suspects), known);
  const budget = recipe.workflowConfig.config?.profiler?.budget?.statements;
  // values that lie close together, or leave doubles, take statements that the plan can't know of
  const needed = Math.max(statements.length, earlier?.takes ?? 0);
  const looks = unchanged !== undefined;
  if (budget !== undefined && needed > budget && !looks) {
    const wasCut = earlier?.cut === true;
    const atLeast = wasCut ? ' or more, as an earlier run saw' : '';
    // that run saw only how far it did not come
    const enough = wasCut ? Math.max(needed, statements.length + MOST_UNPLANNED) : needed;
    const reason = `its profile takes ${needed} statements${atLeast}, which is more than a whole run may send (workflowConfig.config.profiler.budget.statements: ${budget}). Raise the budget to ${enough} or more, or measure less of the table (columnConfig, metrics).`;
    alike.seeCostly(fqn, enough, reason);
    return { remark: { outcome: 'filtered', reason } };
  }
  onPlanned?.(plan, statements);
  if (plan.unsized === true) unbounded.seeDynamic(fqn);
  if (plan.sampleCutTo !== undefined) unbounded.seeCut(fqn, plan.sampleCutTo);
  const table: ListedTable = {
    fqn,
    schema,
    facts: known ?? { table: byName, isView: plan.rows.isView },
    asOf: facts.asOf,
    ...(looks ? { statements: 1, whole: needed } : { statements: needed }),
    use: record.usageSummary?.weeklyStats?.count ?? 0,
    ...(settings.database === undefined ? {} : { database: settings.database }),
    ...(settings.schema === undefined ? {} : { container: settings.schema }),
    ...(before === undefined ? {} : { lastProfile: before.waitsSince ?? before.timestamp }),
    ...(before?.cut === undefined ? {} : { cutAt: before.timestamp }),
    ...(suspects === undefined ? {} : { suspects }),
    ...(asksChanges ? { asksChanges } : {}),
    ...(unchanged === undefined ? {} : { unchanged }),
    ...(earlier?.splits === undefined ? {} : { splits: earlier.splits }),
    ...(earlier?.cut === undefined ? {} : { wasCut: earlier.cut }),
  };
  return { table, ...(tooLarge === undefined ? {} : { remark: { outcome: 'incomplete', reason: tooLarge } }) };
}

/** Of a table that is not split any more: what lies close together, their histogram, and what leaves doubles. */
const MOST_UNPLANNED = 4;

/** Of a table that is too large for what costs something; the catalogue knows its size. */
function getsSomething(plan: TablePlan, dialect: MeasureDialect): boolean {
  const ofTable = ['rowCount', 'columnCount'].some((metric) => plan.tableMetrics.includes(metric));
  return ofTable || plan.sampleData !== undefined || plan.emptiesSample === true || hasFreeMetric(plan, dialect);
}

/**
 * The statements that a profile needs if the engine refuses nothing; those for histograms and categories depend on
 * values, and are only named.
 */
function plannedStatements(
  plan: TablePlan,
  dialect: MeasureDialect,
  suspects: ReadonlySet<string>,
  facts: TableFacts | undefined
): string[] {
  const asked = askedOf(plan, dialect, suspects);
  const { again } = asked;
  const compiled = (asks: readonly Ask[]): string[] =>
    compileMeasures(dialect, plan.rows, asks).statements.map(({ sql }) => sql);
  const counting = sampleCountSql(plan, dialect);
  const texts = [
    ...(counting === undefined ? [] : [counting]),
    ...compiled(worthAsking(asked, plan, facts)),
    ...compiled(again).slice(0, 1),
  ];
  const multiples = expectedMultiples(plan, asked, suspects);
  if (multiples.length > 0) texts.push(`-- ${named(multiples)}: of multiples, as the source refused them before`);
  const count = wholeCountSql(plan, dialect, facts);
  if (count !== undefined) texts.push(count);
  const sample = sampleDataSql(plan, dialect);
  const shown = sample === undefined ? [] : [sample];
  if (plan.tooLarge !== undefined) return [...texts, ...shown];
  const has = (metric: string): boolean => plan.columns.some(({ metrics }) => metrics.includes(metric));
  const custom = [plan, ...plan.columns].flatMap(({ customMetrics }) =>
    customMetrics.flatMap(({ sql, refused }) => (refused === undefined ? [sql] : []))
  );
  return [
    ...texts,
    ...(has('histogram') ? [`-- counts of the histograms' bins, of the bounds that the statements before give`] : []),
    ...(has('cardinalityDistribution') ? ['-- the most frequent values of the text columns'] : []),
    ...custom,
    ...shown,
  ];
}
