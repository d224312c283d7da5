import { STAGES } from '../../contract/stage-names.js';
import { profilerJournal } from '../../profiler/index.js';
import type { ProfilerRecipe } from '../../recipe/index.js';
import { serviceJournal, sliceOf, type EndedRun, type RunJournal } from '../run/kind-work.js';
import { LEFT_OUT, profiledUnits, stagedValues } from './profiled-units.js';

/** What became of each table of a profiler run. */
export async function* journalOfProfiler(ended: EndedRun<ProfilerRecipe>): AsyncGenerator<RunJournal> {
  const { store, run } = ended;
  const lines = profilerJournal({
    leftOut: stagedValues(store, sliceOf(ended, STAGES.profiledTables, LEFT_OUT)),
    units: profiledUnits(store, run),
  });
  yield { address: serviceJournal(ended.recipe), lines };
}
