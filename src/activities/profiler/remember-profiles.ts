import { publishedLine, rememberedOf, rememberedTables, type RememberedTables } from '../../profiler/index.js';
import { listStage } from '../../staging/index.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { readUnit } from './list-profiled-tables.js';
import { openProfilerStage, readMemory, writeMemory } from './open-profiler-stage.js';

/** Keeps for the next run by which configuration and when each table was profiled. */
export function rememberProfilesActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const run = input.identity.pipelineRunId;
      const stage = await openProfilerStage(shared, input, context);
      const work = async (): Promise<void> => {
        let bytes = 0;
        const tables: RememberedTables = { ...(await readMemory(store, stage.recipe)) };
        for (const slice of await store.slices(run, STAGES.profiles)) {
          const sent = new Set<string>();
          for (const entry of await store.manifest({ run, stage: STAGES.publishedProfiles, slice }))
            for (const line of await store.read(entry)) {
              const { fqn, ok } = publishedLine.parse(line);
              if (ok) sent.add(fqn);
            }
          for (const { fqn, facts } of await readUnit(store, run, Number(slice)))
            bytes += sent.has(fqn) ? (facts.bytes ?? 0) : 0;
          for (const entry of await store.manifest({ run, stage: STAGES.profiles, slice }))
            for (const line of await store.read(entry)) {
              const kept = rememberedOf(line);
              if (kept !== undefined && sent.has(kept.fqn))
                Object.assign(tables, rememberedTables.parse({ [kept.fqn]: kept.remember }));
            }
        }
        await writeMemory(store, stage.recipe, tables);
        if (bytes > 0) context.recorder.note(`The tables that were profiled hold ${bytes} bytes.`);
      };
      const to = stage.slice(STAGES.rememberedProfiles, ONE);
      return resultOf(await listStage(stageRun(store, context), { to, work }));
    });
}
