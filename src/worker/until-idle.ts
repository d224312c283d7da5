import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { KINDS } from '../contract/kinds.js';

/** How often runs are counted at most, milliseconds. */
const LOOK_MS = 5_000;

/**
 * Resolves when no run of the queue has been open for `quietMs`: none is under way, none waits for a worker. What can't
 * be counted counts as work.
 * @param signal ends it early
 */
export async function untilIdle(
  client: Client,
  taskQueue: string,
  quietMs: number,
  logger: Pick<Logger, 'info' | 'warn'>,
  signal: AbortSignal
): Promise<void> {
  const types = Object.values(KINDS).map(({ workflowType }) => `'${workflowType}'`);
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running' AND WorkflowType IN (${types.join(', ')})`;
  let quietSince = Date.now();
  while (Date.now() - quietSince < quietMs) {
    await sleep(Math.min(LOOK_MS, Math.max(100, quietMs / 4)), undefined, { signal });
    const open = await client.workflow.count(query).then(
      ({ count }) => count,
      (error: unknown) => {
        logger.warn({ error, taskQueue }, 'open runs could not be counted');
        return 1;
      }
    );
    if (open > 0) quietSince = Date.now();
  }
  logger.info({ taskQueue, quietMs }, 'no run is open: the worker leaves');
}
