import type { RunningExecution } from '../../contract/shared-load.js';
import type { Shared } from './activity-deps.js';

/** Which of these runs are over: their run ids. */
export function runsOverActivity({
  isOver,
}: Shared): (input: { readonly runs: readonly RunningExecution[] }) => Promise<string[]> {
  return async ({ runs }) => {
    const over: string[] = [];
    for (const run of runs) if ((await isOver?.(run)) === true) over.push(run.runId);
    return over;
  };
}
