import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError } from '../errors/index.js';
import { triedInVain } from '../measures/index.js';
import { exactJson, type CreateTableProfileRequest } from '../openmetadata/index.js';
import { shorten } from '../report/index.js';
import { redact } from '../secrets/index.js';
import type { MeasureSession } from '../sources/index.js';
import { listStage, type Listing } from '../staging/index.js';
import { Allowance } from './allowance.js';
import { knowingCut, knowingCuts, LeftOver } from './left-over.js';
import type { UnitTable } from './plan-units.js';
import { TableTurns } from './table-turns.js';
import { earlierTables, keyOf, profileLine, publishedLine, type Done } from './unit-lines.js';
import { failedTable, measureOne } from './measure-one.js';
import type { ProfileUnitStage } from './profile-unit-stage.js';

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
                  const known = { sent: statements + (cut.get(fqn)?.sent ?? 0), remember };
                  cut.set(fqn, known);
                  open.set(fqn, knowingCut(table, known));
                  await profiles.add(JSON.stringify(line), {});
                  await profiles.cut();
                  stage.signal.throwIfAborted();
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
  return `${fqn}: the budget was spent after ${sent} of its statements; in the next run it comes behind the tables that had no turn. One that never gets through needs a larger budget (workflowConfig.config.profiler.budget), or fewer metrics.`;
}

function plannedOf(tables: readonly UnitTable[]): number {
  return tables.reduce((sum, { statements }) => sum + statements, 0);
}

async function publishOne(
  { client, recorder, signal, timestamp }: ProfileUnitStage,
  { done: fqn, id, request, sampleData, unchanged }: Done,
  published: Listing
): Promise<void> {
  let ok = unchanged !== undefined;
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
