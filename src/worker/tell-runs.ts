import type { Client } from '@temporalio/client';
import type { TellRuns } from '../activities/index.js';
import { KINDS } from '../contract/kinds.js';
import { SIDE_WORKFLOWS } from '../contract/names.js';
import { PRESSURE_SIGNAL } from '../contract/shared-load.js';

/** At most so many runs are told at once. */
const MOST_RUNS = 1_000;
/**
 * Each side is reported at most once in this time, milliseconds: many activities meet the same pressure at the same
 * moment.
 */
const ONCE_IN_MS = 2_000;

/** Tells the runs that start on this queue; those of another source or catalog ignore it. */
export function tellRuns(client: Client, taskQueue: string): TellRuns {
  const types = [...Object.values(KINDS).map(({ workflowType }) => workflowType), SIDE_WORKFLOWS.usagePublish];
  const quoted = types.map((type) => `'${type}'`).join(', ');
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running' AND WorkflowType IN (${quoted})`;
  const saidAt = new Map<string, number>();
  return async (news, except) => {
    const key = `${news.side} ${news.key}`;
    if (Date.now() - (saidAt.get(key) ?? 0) < ONCE_IN_MS) return;
    saidAt.set(key, Date.now());
    let told = 0;
    for await (const { workflowId } of client.workflow.list({ query })) {
      if (workflowId === except) continue;
      // a run that has ended meanwhile has nothing to slow down
      await client.workflow
        .getHandle(workflowId)
        .signal(PRESSURE_SIGNAL, news)
        .catch(() => undefined);
      told += 1;
      if (told === MOST_RUNS) return;
    }
  };
}
