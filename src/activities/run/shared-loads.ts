import { createHash } from 'node:crypto';
import type { RunPlan } from '../../contract/run-plan.js';
import { findSource } from '../../sources/index.js';
import type { PartRecorder } from '../../report/index.js';
import type { Connections, StagedRecipe } from '../../run-context/index.js';

/** What the run shares with other runs: the source's sessions where its recipe limits them, and who is told of pressure. */
export async function sharedLoads(
  connections: Pick<Connections, 'ofService'>,
  staged: StagedRecipe,
  heartbeatMs: number,
  recorder: PartRecorder
): Promise<Pick<RunPlan, 'sessions' | 'shared'>> {
  const { openMetadataServerConfig, config } = staged.recipe.workflowConfig;
  const catalog = shortHash(openMetadataServerConfig.hostPort);
  // tables of a test suite may be of any service
  if (staged.recipe.kind === 'data-quality') return { shared: { catalog } };
  const { type, config: connection } = await connections.ofService(staged);
  const { sessions } = findSource(type);
  if (sessions === undefined) {
    if (config?.maxSessions !== undefined)
      recorder.warning(
        'source',
        `workflowConfig.config.maxSessions has no effect: ${type} has no sessions that runs share.`
      );
    return { shared: { catalog } };
  }
  const source = `${type}-${shortHash(sessions.sharedBy(connection))}`;
  const shared = { source, catalog };
  const most = config?.maxSessions;
  if (most === undefined) return { shared };
  if (most < sessions.each) {
    const text = `one activity may hold ${sessions.each}, so one reads at a time`;
    recorder.warning('source', `workflowConfig.config.maxSessions is ${most}: ${text}.`);
  }
  return { shared, sessions: { dealer: `om-sessions-${source}`, most, each: sessions.each, leaseMs: 2 * heartbeatMs } };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 8);
}
