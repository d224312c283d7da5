import {
  AuthenticationError,
  IngestionError,
  PermanentError,
  StatementTimeout,
  TransientError,
} from '../errors/index.js';
import { heldRows, Measuring, OpenSplits } from '../measures/index.js';
import { exactJson } from '../openmetadata/index.js';
import { sessionFor, type MeasureSession } from '../sources/index.js';
import { BudgetSpent, type Allowance } from './allowance.js';
import type { UnitTable } from './plan-units.js';
import { describeProblems } from './describe-problems.js';
import { profileTable } from './profile-table.js';
import { namingQuery, queriedColumns } from './queried-columns.js';
import { refusedAsBefore } from './refused-columns.js';
import { hasLearnt, remember, rememberCut, unchangedSince, type RememberedTable } from './remembered.js';
import { describeFailure } from './describe-failure.js';
import { planHash } from './plan-hash.js';
import { resolvePlan } from './resolve-plan.js';
import { sampledByCount } from './sample-by-count.js';
import { lateChangesOf } from './late-changes.js';
import { systemProfile } from './system-profile.js';
import { shownRows } from './shown-rows.js';
import type { Done } from './unit-lines.js';
import type { ProfileUnitStage } from './profile-unit-stage.js';

const FEWER_ROWS = 'let it read fewer rows (profileSampleConfig, partitionConfig)';

/** What a try took whose fault may pass, while the source answers. */
type TriedInVain = Pick<Done, 'statements' | 'milliseconds'> & { readonly fault: TransientError };

/** What a table took in whose midst the budget was spent, or the attempt ended, and what the next try is to know. */
type CutShort = Pick<Done, 'statements' | 'milliseconds'> & { readonly cut: RememberedTable | undefined };

/** @throws TransientError when the source can't be reached; the signal's reason where nothing was learnt by then */
export async function measureOne(
  stage: ProfileUnitStage,
  table: UnitTable,
  session: MeasureSession,
  { allowance, beforeStatement }: { allowance: Allowance; beforeStatement: () => Promise<void> }
): Promise<Done | TriedInVain | CutShort> {
  const { client, recipe, server, recorder, signal, source, now, timestamp } = stage;
  const { fqn, facts } = table;
  const before = { statements: allowance.used.statements, milliseconds: allowance.milliseconds };
  const spent = (): Pick<Done, 'statements' | 'milliseconds'> => ({
    statements: allowance.used.statements - before.statements,
    milliseconds: Math.round(allowance.milliseconds - before.milliseconds),
  });
  let measuring: Measuring | undefined;
  let hash: string | undefined;
  const problems = new Map<string, string>();
  const splits = new OpenSplits(table.splits);
  try {
    const record = await client.profiles.table(fqn, { signal });
    if (record === undefined) throw new PermanentError(`OpenMetadata has no table ${fqn} any more.`);
    const settings = {
      recipe,
      server,
      database: table.database,
      schema: table.container,
      now,
      dialect: source.dialect,
    };
    const plan = resolvePlan(record, facts, settings);
    hash = planHash(plan);
    const [own, users] = [sessionFor(session, plan.rows), sessionFor(session, plan.rows, 'users')];
    const waits = stage.statementWaits;
    const { dialect } = source;
    const how = { signal, beforeStatement, dialect, users };
    const taking = new Measuring(own, { ...how, ...(waits === undefined ? {} : { waits }) });
    measuring = taking;
    const suspects = new Set(table.suspects);
    const { unchanged } = table;
    if (unchanged !== undefined && hash === unchanged.hash) {
      const refused = await refusedAsBefore(plan, dialect, unchanged.suspects ?? [], taking);
      if (refused !== undefined) {
        recorder.count('profiler', { unchanged: 1 });
        const remembered = { ...unchanged, suspects: refused };
        const changesUntil = await lateChangesOf({ id: record.id, fqn, table: plan.rows.table }, table, stage);
        return { done: fqn, unchanged: unchangedSince(unchanged), remember: remembered, changesUntil, ...spent() };
      }
    }
    const { profile, lines, sampleData, failures, sample, shown } = await namingQuery(plan, async () => {
      const { plan: queried, lacking } = await queriedColumns(plan, dialect, taking);
      const held = await heldRows({ rows: queried.rows, dialect, ask: (sql) => taking.rows(sql) });
      const able = await sampledByCount({ ...queried, rows: held }, dialect, taking);
      const profile = await profileTable(able, {
        ...{ dialect, measuring: taking, facts, timestamp, suspects, problems, splits },
      });
      const lines = [...(lacking === undefined ? [] : [`${lacking}.`]), ...describeProblems(able, profile.missing)];
      const shown = await shownRows(able, profile, { dialect, measuring: taking, suspects });
      const sampleData = shown.sampleData === undefined ? undefined : exactJson(shown.sampleData);
      const failures = [...profile.failures, ...(shown.failure === undefined ? [] : [shown.failure])];
      return { profile, lines, sampleData, failures, sample: able.rows.sample, shown };
    });
    const { rows } = profile;
    const refused = [...profile.suspects, ...shown.suspects];
    const changes = await systemProfile(plan, source, table, now);
    const isNothing = profile.isNothing === true && changes.request.systemProfile === undefined;
    const request = isNothing ? undefined : { ...profile.request, ...changes.request };
    for (const line of lines) recorder.warning('profiler', `${fqn}: ${line}`);
    for (const line of failures) recorder.failure('profiler', fqn, line);
    for (const remark of [...profile.remarks, ...shown.remarks]) recorder.note(`${fqn}: ${remark}.`);
    const all = request?.tableProfile.rowCount ?? (plan.rows.where === undefined ? facts.rows : undefined);
    const sampledNone = sample !== undefined && rows === 0 && all !== 0;
    const emptyPartition = plan.rows.where !== undefined && !sampledNone && (rows === 0 || all === 0);
    recorder.count('profiler', { records: 1 });
    const remembered: RememberedTable = {
      ...remember(hash, table, facts.changed, timestamp),
      ...(refused.length === 0 ? {} : { suspects: refused }),
      ...(failures.length === 0 ? {} : { lacks: true }),
    };
    return {
      ...{ done: fqn, id: record.id, request, sampleData, remember: remembered, ...spent() },
      ...(changes.until === undefined ? {} : { changesUntil: changes.until }),
      ...(sampledNone ? { sampledNone } : {}),
      ...(emptyPartition ? { emptyPartition } : {}),
    };
  } catch (error) {
    if (error instanceof BudgetSpent || signal.aborted) {
      const kept = hash === undefined ? undefined : remember(hash, table, facts.changed, timestamp);
      const now = { suspects: problems.keys(), splits: splits.open };
      if (error instanceof BudgetSpent) {
        const isOutOfTime = allowance.isOutOfTime;
        const cut = kept && rememberCut(kept, table, { ...now, sent: spent().statements, isOutOfTime });
        return { cut, ...spent() };
      }
      const cut = kept && rememberCut(kept, table, now);
      if (cut !== undefined && hasLearnt(table, cut)) return { cut, ...spent() };
    }
    if (measuring !== undefined && !signal.aborted && error instanceof TransientError)
      if (await measuring.failsAlone(error)) return { fault: error, ...spent() };
    // a view or a foreign table that another server refuses
    const isRefusedAlone =
      error instanceof AuthenticationError && !signal.aborted && (await measuring?.failsAlone(error)) === true;
    if (!isRefusedAlone && !isOfTable(error, signal)) throw error;
    return failedTable(stage, fqn, describeFailure(error, FEWER_ROWS), spent());
  }
}

export function failedTable(
  { recorder }: ProfileUnitStage,
  fqn: string,
  failed: string,
  { statements, milliseconds }: Pick<Done, 'statements' | 'milliseconds'>
): Done {
  recorder.failure('profiler', fqn, failed);
  return { done: fqn, failed, statements, milliseconds };
}

/** Faults that fail one table and not the run; a lost source is retried as a whole. */
function isOfTable(error: unknown, signal: AbortSignal): error is IngestionError {
  if (signal.aborted || !(error instanceof IngestionError)) return false;
  if (error instanceof StatementTimeout) return true;
  return !(error instanceof TransientError) && error.consequence !== 'authentication';
}
