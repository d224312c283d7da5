import { setTimeout as sleep } from 'node:timers/promises';
import { IngestionError, PermanentError, StatementTimeout, TransientError } from '../errors/index.js';
import { Measuring, triedInVain } from '../measures/index.js';
import {
  exactJson,
  type CreateTableProfileRequest,
  type OpenMetadataClient,
  type ProfilerSettings,
} from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import { shorten, type PartRecorder } from '../report/index.js';
import { redact } from '../secrets/index.js';
import { sessionFor, type MeasureSession, type MeasureSource } from '../sources/index.js';
import { listStage, type Listing, type SliceAddress, type StageRun } from '../staging/index.js';
import { Allowance, BudgetSpent } from './allowance.js';
import { knowingCut, knowingCuts, LeftOver } from './left-over.js';
import type { UnitTable } from './plan-units.js';
import { describeProblems } from './describe-problems.js';
import { profileTable } from './profile-table.js';
import { namingQuery, queriedColumns } from './queried-columns.js';
import { remember, rememberCut, type RememberedTable } from './remembered.js';
import { planHash, resolvePlan } from './resolve-plan.js';
import { sampledByCount } from './sample-by-count.js';
import { systemProfile } from './system-profile.js';
import { shownRows } from './shown-rows.js';
import { TableTurns } from './table-turns.js';
import { earlierTables, keyOf, profileLine, publishedLine, type Done } from './unit-lines.js';

export interface ProfileUnitStage extends StageRun {
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
  readonly client: Pick<OpenMetadataClient, 'profiles'>;
  readonly recipe: ProfilerRecipe;
  readonly server: ProfilerSettings | undefined;
  readonly tables: readonly UnitTable[];
  readonly source: MeasureSource;
  /** Opens the unit's session; called when the first table's turn comes. */
  readonly openSession: (onTime: (milliseconds: number) => void) => Promise<MeasureSession>;
  /** Where time windows count back from. */
  readonly now: number;
  /** Time of the profiles, epoch milliseconds. */
  readonly timestamp: number;
  readonly allowance?: { readonly statements?: number; readonly seconds?: number };
  /** What the allowance is not enough for stays open for another call. */
  readonly mayGetMore?: boolean;
  readonly profiles: SliceAddress;
  readonly published: SliceAddress;
  /** Waits before a table is tried again, and says why; default: says nothing. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
  /** Milliseconds before a statement that failed for a moment is sent again; default: 5,000 and 10,000. */
  readonly statementWaits?: readonly number[];
}

/**
 * Profiles the tables of a unit one after another, and publishes each at once. What an earlier attempt measured is
 * published from its staged results. A table that fails is one failure.
 * @returns how much of the allowance was used, and how many statements open tables take
 */
export async function profileUnit(
  stage: ProfileUnitStage
): Promise<{ statements: number; seconds: number; left?: number }> {
  const allowance = new Allowance(stage.allowance);
  let session: MeasureSession | undefined;
  try {
    await listStage(stage, {
      to: stage.profiles,
      keyOf: (line) => keyOf(profileLine.parse(JSON.parse(line.toString()))),
      work: async (profiles) => {
        const { done, tried, cut } = await earlierTables(profiles, allowance);
        await listStage(stage, {
          to: stage.published,
          keyOf: (line) => publishedLine.parse(JSON.parse(line.toString())).fqn,
          work: async (published) => {
            const sent = new Set<string>();
            for await (const line of published.stagedLines())
              sent.add(publishedLine.parse(JSON.parse(line.toString())).fqn);
            let isSpent = false;
            const open = new Map<string, UnitTable>();
            const turns = new TableTurns(knowingCuts(stage.tables, cut), tried);
            const wait = stage.wait ?? ((milliseconds) => sleep(milliseconds, undefined, { signal: stage.signal }));
            for (let table = await turns.next(wait); table !== undefined; table = await turns.next(wait)) {
              stage.signal.throwIfAborted();
              const { fqn } = table;
              let result = done.get(fqn);
              if (result === undefined) {
                // one that takes more than its plan comes behind the others, but was it left for them before
                const others = table.wasCut === true ? 0 : plannedOf(turns.rest.filter((each) => !done.has(each.fqn)));
                const hasTurn = !isSpent || table.statements === 0;
                const reserved = hasTurn ? allowance.reserve(table.statements, others) : undefined;
                if (reserved === undefined) {
                  isSpent = true;
                  open.set(fqn, table);
                  continue;
                }
                // each attempt stages its own: what several lost ones may have used adds up
                const begin = async (statements: number, more?: true): Promise<void> => {
                  if (stage.allowance === undefined) return;
                  await profiles.add(JSON.stringify({ begun: fqn, reserved: statements, more }), {});
                  await profiles.cut();
                };
                if (reserved > 0) await begin(reserved);
                session ??= await stage.openSession((milliseconds) => allowance.addTime(milliseconds));
                const measured = await measureOne(stage, table, session, {
                  allowance,
                  beforeStatement: async () => {
                    const more = allowance.reserveMore(others);
                    if (more !== undefined) await begin(more, true);
                    allowance.beforeStatement();
                  },
                });
                if ('cut' in measured) {
                  const { statements, milliseconds, cut: remember } = measured;
                  const line = { begun: fqn, reserved: statements, cut: { milliseconds, remember } };
                  cut.set(fqn, { sent: statements, remember });
                  open.set(fqn, knowingCut(table, { sent: statements, remember }));
                  await profiles.add(JSON.stringify(line), {});
                  await profiles.cut();
                  continue;
                }
                if ('fault' in measured) {
                  const { fault, statements, milliseconds } = measured;
                  const fate = turns.failed(table, fault.message);
                  if (fate !== 'failed') {
                    const line = { begun: fqn, reserved: statements, tried: { milliseconds } };
                    await profiles.add(JSON.stringify(line), {});
                    await profiles.cut();
                    if (fate === 'away') throw fault;
                    continue;
                  }
                  result = failedTable(stage, fqn, triedInVain(fault, turns.triesOf(table)), measured);
                } else {
                  result = measured;
                  turns.worked();
                }
                cut.delete(fqn);
                await profiles.add(exactJson(result), { key: fqn });
                await profiles.cut();
              }
              if (!sent.has(fqn)) await publishOne(stage, result, published);
            }
            if (open.size > 0 && stage.mayGetMore === true && !allowance.isOutOfTime)
              throw new LeftOver(plannedOf([...open.values()]));
            for (const [fqn, { sent: statements }] of cut) stage.recorder.note(cutShort(fqn, statements));
          },
        });
      },
    });
    return allowance.used;
  } catch (error) {
    if (!(error instanceof LeftOver)) throw error;
    return { ...allowance.used, left: error.statements };
  } finally {
    await session?.close();
  }
}

function cutShort(fqn: string, sent: number): string {
  return `${fqn}: the budget was spent after ${sent} of its statements; the next run begins with the other tables. One that never gets through needs a larger budget (workflowConfig.config.profiler.budget), or fewer metrics.`;
}

function plannedOf(tables: readonly UnitTable[]): number {
  return tables.reduce((sum, { statements }) => sum + statements, 0);
}

/** What a try took whose fault may pass, while the source answers. */
type TriedInVain = Pick<Done, 'statements' | 'milliseconds'> & { readonly fault: TransientError };

/** What a table took in whose midst the budget was spent, and what the next run is to know of it. */
type CutShort = Pick<Done, 'statements' | 'milliseconds'> & { readonly cut: RememberedTable | undefined };

/** @throws TransientError when the source can't be reached */
async function measureOne(
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
    const hasCustom = [plan, ...plan.columns].some(({ customMetrics }) => customMetrics.length > 0);
    const own = sessionFor(session, plan.rows, hasCustom ? 'users' : 'ours');
    const waits = stage.statementWaits;
    const { dialect } = source;
    const taking = new Measuring(own, { signal, beforeStatement, dialect, ...(waits === undefined ? {} : { waits }) });
    measuring = taking;
    const suspects = new Set(table.suspects);
    const { profile, lines, sampleData, failures, sample, shown } = await namingQuery(plan, async () => {
      const { plan: queried, lacking } = await queriedColumns(plan, dialect, taking);
      const able = await sampledByCount(queried, dialect, taking);
      const profile = await profileTable(able, { dialect, measuring: taking, facts, timestamp, suspects, problems });
      const lines = [...(lacking === undefined ? [] : [`${lacking}.`]), ...describeProblems(able, profile.missing)];
      const shown = await shownRows(able, profile, { dialect, measuring: taking, suspects });
      const sampleData = shown.sampleData === undefined ? undefined : exactJson(shown.sampleData);
      const failures = [...profile.failures, ...(shown.failure === undefined ? [] : [shown.failure])];
      return { profile, lines, sampleData, failures, sample: able.rows.sample, shown };
    });
    const { rows } = profile;
    const refused = [...profile.suspects, ...shown.suspects];
    const changes = await systemProfile(plan, source, now);
    const isNothing = profile.isNothing === true && changes.systemProfile === undefined;
    const request = isNothing ? undefined : { ...profile.request, ...changes };
    for (const line of lines) recorder.warning('profiler', `${fqn}: ${line}`);
    for (const line of failures) recorder.failure('profiler', fqn, line);
    for (const remark of [...profile.remarks, ...shown.remarks]) recorder.note(`${fqn}: ${remark}.`);
    const all = request?.tableProfile.rowCount ?? (plan.rows.where === undefined ? facts.rows : undefined);
    const sampledNone = sample !== undefined && rows === 0 && all !== 0;
    if (plan.rows.where !== undefined && !sampledNone && (rows === 0 || all === 0))
      recorder.note(`${fqn}: its partition has no rows.`);
    recorder.count('profiler', { records: 1 });
    const remembered: RememberedTable = {
      ...remember(hash, table, facts.changed, timestamp),
      ...(refused.length === 0 ? {} : { suspects: refused }),
      ...(failures.length === 0 ? {} : { lacks: true }),
    };
    return {
      ...{ done: fqn, id: record.id, request, sampleData, remember: remembered, ...spent() },
      ...(sampledNone ? { sampledNone } : {}),
    };
  } catch (error) {
    if (error instanceof BudgetSpent) {
      const { statements: sent } = spent();
      const kept = hash === undefined ? undefined : remember(hash, table, facts.changed, timestamp);
      return {
        cut: kept === undefined ? undefined : rememberCut(kept, sent, table.suspects ?? [], problems.keys()),
        ...spent(),
      };
    }
    if (measuring !== undefined && !signal.aborted && error instanceof TransientError)
      if (await measuring.failsAlone(error)) return { fault: error, ...spent() };
    if (!isOfTable(error, signal)) throw error;
    return failedTable(stage, fqn, describeFailure(error), spent());
  }
}

function failedTable(
  { recorder }: ProfileUnitStage,
  fqn: string,
  failed: string,
  { statements, milliseconds }: Pick<Done, 'statements' | 'milliseconds'>
): Done {
  recorder.failure('profiler', fqn, failed);
  return { done: fqn, failed, statements, milliseconds };
}

/** What bounds a statement here is the recipe's own key, and not one of the driver's. */
function describeFailure(error: IngestionError): string {
  if (!(error instanceof StatementTimeout)) return error.describe();
  return `${error.message.replace(/\.$/, '')}. Raise timeoutSeconds, or let it read fewer rows (profileSampleConfig, partitionConfig).`;
}

/** Faults that fail one table and not the run; a lost source is retried as a whole. */
function isOfTable(error: unknown, signal: AbortSignal): error is IngestionError {
  if (signal.aborted || !(error instanceof IngestionError)) return false;
  if (error instanceof StatementTimeout) return true;
  return !(error instanceof TransientError) && error.consequence !== 'authentication';
}

async function publishOne(
  { client, recorder, signal, timestamp }: ProfileUnitStage,
  { done: fqn, id, request, sampleData }: Done,
  published: Listing
): Promise<void> {
  let ok = false;
  let reason: string | undefined;
  if (id !== undefined) {
    try {
      // the server would add a second profile with the same time
      if (request !== undefined && !(await client.profiles.hasProfile(fqn, timestamp, { signal })))
        await client.profiles.putProfile({ id, fqn }, request as CreateTableProfileRequest, { signal });
      if (sampleData !== undefined) await client.profiles.putSampleData(id, sampleData, { signal });
      ok = true;
      recorder.count('sink', { records: 1 });
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      recorder.failure('sink', fqn, error.describe());
      reason = shorten(redact(error.describe()));
    }
  }
  await published.add(JSON.stringify({ fqn, ok, reason }), { key: fqn });
  await published.cut();
}
