import { createHash } from 'node:crypto';
import type { RunPlan } from '../../contract/run-plan.js';
import { findSource } from '../../sources/index.js';
import type { PartRecorder } from '../../report/index.js';
import type { ServiceConnection, StagedRecipe } from '../../run-context/index.js';

/**
 * What the run shares with other runs: the source's sessions if its recipe limits them, and who is told about pressure.
 * @param source the connection of the recipe's service; undefined for a run that opens none, or several
 */
export function sharedLoads(
  source: ServiceConnection | undefined,
  { recipe }: Pick<StagedRecipe, 'recipe'>,
  heartbeatMs: number,
  recorder: PartRecorder
): Pick<RunPlan, 'sessions' | 'shared'> {
  const { openMetadataServerConfig, config } = recipe.workflowConfig;
  const catalog = shortHash(openMetadataServerConfig.hostPort);
  const most = config?.maxSessions;
  const sessions = source === undefined ? undefined : findSource(source.type).sessions;
  // that maxSessions has no effect then, the reading of the recipe has said
  if (source === undefined || sessions === undefined) return { shared: { catalog } };
  const account = `${source.type}-${shortHash(sessions.sharedBy(source.config))}`;
  const shared = { source: account, catalog };
  if (most === undefined) return { shared };
  const measuring = recipe.kind === 'profiler' ? sessions.measuring : undefined;
  const each = measuring ?? sessions.each;
  const least = measuring ?? sessions.least ?? each;
  if (most < least) {
    const text = `one activity may hold ${least}, so one reads at a time`;
    recorder.warning('source', `workflowConfig.config.maxSessions is ${most}: ${text}.`);
  }
  return {
    shared,
    sessions: {
      dealer: `om-sessions-${account}`,
      most,
      each: Math.max(least, Math.min(each, most)),
      ...(least === each ? {} : { least }),
      leaseMs: 2 * heartbeatMs,
    },
  };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 8);
}
