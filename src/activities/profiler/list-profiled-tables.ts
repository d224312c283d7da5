import { z } from 'zod';
import { listTables, planUnits, unitTable, type UnitTable } from '../../profiler/index.js';
import { listStage, type StagingStore } from '../../staging/index.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import type { ProfiledTablesResult, StageInput } from '../../contract/run-plan.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openProfilerStage, readMemory } from './open-profiler-stage.js';

/** Lists what has to be profiled and cuts it into units. A retry lists anew what no unit holds yet. */
export function listProfiledTablesActivity(shared: Shared): (input: StageInput) => Promise<ProfiledTablesResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress, signal } = context;
      const { store } = shared;
      const run = input.identity.pipelineRunId;
      const stage = await openProfilerStage(shared, input, context);
      const listAll = async (): Promise<void> => {
        const { recipe, client, server } = stage;
        const listed = await stage.withSource(async (source) =>
          listTables({
            client,
            recipe,
            signal,
            recorder,
            source,
            settings: { server, now: input.identity.anchor },
            remembered: await readMemory(store, recipe),
          })
        );
        const kept = await stagedUnits(store, run);
        const behind = new Set(kept.flat().map(({ fqn }) => fqn));
        const rest = listed.filter(({ fqn }) => !behind.has(fqn));
        const units = planUnits(rest, input.plan.threads, input.plan.budget !== undefined);
        for (const [at, tables] of units.entries()) {
          const to = stage.slice(STAGES.profileUnits, String(kept.length + at));
          // What was counted belongs to the listing as a whole, which is counted when it is complete.
          await listStage(
            { store, takeFacts: () => undefined, onCommit: progress },
            { to, work: async (listing) => listing.add(JSON.stringify(tables), {}) }
          );
        }
      };
      const to = stage.slice(STAGES.profiledTables, ONE);
      const result = resultOf(await listStage(stageRun(store, context), { to, work: listAll }));
      const units = await stagedUnits(store, run);
      if (input.plan.budget === undefined) return { ...result, units: units.length };
      const needs = units.map((tables) => tables.reduce((sum, table) => sum + table.statements, 0));
      return { ...result, units: units.length, needs };
    });
}

const unitLine = z.array(unitTable);

/** The tables of a unit. */
export async function readUnit(store: StagingStore, run: string, unit: number): Promise<readonly UnitTable[]> {
  const tables: UnitTable[] = [];
  for (const entry of await store.manifest({ run, stage: STAGES.profileUnits, slice: String(unit) }))
    for (const line of await store.read(entry)) tables.push(...unitLine.parse(line));
  return tables;
}

/** All units that are staged, in their order. */
async function stagedUnits(store: StagingStore, run: string): Promise<(readonly UnitTable[])[]> {
  const units: (readonly UnitTable[])[] = [];
  const staged = (await store.slices(run, STAGES.profileUnits)).length;
  for (let unit = 0; unit < staged; unit += 1) units.push(await readUnit(store, run, unit));
  return units;
}
