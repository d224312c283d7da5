import { RecordError } from '../errors/index.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { MeasureDialect, MeasureSource, SchemaFacts } from '../sources/index.js';
import type { AlikeTables } from './alike-tables.js';
import type { LeftOutLine } from './journal.js';
import type { UnchangedTable } from './late-changes.js';
import { INSTEAD, isMissing, MISSING } from './missing-table.js';
import { planHash } from './plan-hash.js';
import type { ListedTable } from './plan-units.js';
import { plannedStatements } from './planned-statements.js';
import { hasFreeMetric } from './profile-asks.js';
import { refusedColumns } from './refused-columns.js';
import { isUnchanged, unchangedSince, type RememberedTables } from './remembered.js';
import { resolvePlan, type PlanSettings } from './resolve-plan.js';
import type { SelectionInput } from './select-tables.js';
import type { TablePlan } from './table-plan.js';
import type { UnboundedTables } from './unbounded-tables.js';

/** Of a table that is not split any more: what lies close together, their histogram, and what leaves doubles. */
const MOST_UNPLANNED = 4;

/** What a table is looked at with. */
export interface TableListing extends Pick<SelectionInput, 'recipe'> {
  readonly source: Pick<MeasureSource, 'dialect'>;
  /** From earlier runs; empty when nothing is remembered. */
  readonly remembered: RememberedTables;
  readonly recorder: PartRecorder;
  /** Called for each table that gets no profile as nothing changed, and whose system profile is asked for. */
  readonly onUnchanged?: (table: UnchangedTable) => void;
  /** For a plan before anything runs. */
  readonly onPlanned?: (plan: TablePlan, statements: readonly string[]) => void;
  /** Collect what is said of several tables at once. */
  readonly unbounded: UnboundedTables;
  readonly alike: AlikeTables;
}

/**
 * No table if it didn't change; the remark says why it gets no profile, or only part of one.
 * @throws RecordError for faults in its configuration, and where the source has no such table
 */
export function listTable(
  { recipe, recorder, remembered, source, onPlanned, onUnchanged, unbounded, alike }: TableListing,
  record: ProfiledTableRecord,
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

/** Of a table that is too large for what costs something; the catalogue knows its size. */
function getsSomething(plan: TablePlan, dialect: MeasureDialect): boolean {
  const ofTable = ['rowCount', 'columnCount'].some((metric) => plan.tableMetrics.includes(metric));
  return ofTable || plan.sampleData !== undefined || plan.emptiesSample === true || hasFreeMetric(plan, dialect);
}
