import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  log,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import {
  SESSIONS_DONE,
  SESSIONS_GRANTED,
  SESSIONS_QUERY,
  SESSIONS_WANTED,
  type DealtSessions,
  type SessionsWish,
} from '../contract/shared-load.js';
import { SessionDeals } from './session-deals.js';
import { countWords } from '../contract/count-words.js';

export const sessionsWanted = defineSignal<[wish: SessionsWish]>(SESSIONS_WANTED);
export const sessionsDone = defineSignal<[permit: string]>(SESSIONS_DONE);
export const sessionsGranted = defineSignal<[permit: string, sessions?: number]>(SESSIONS_GRANTED);
const sessionsQuery = defineQuery<DealtSessions>(SESSIONS_QUERY);

/** The workflow ends once no run has been around for this long; the next run that wants sessions starts it again. */
const IDLE = '30s';

/** Dealers that gave back what was wished for twice, in their history, go on so. */
const HELD_AGAIN = 'held-while-told-again';

/** The lease comes from the run that starts it; the workflow adds the rest when it continues as new. */
export interface SessionsInput {
  /** How often the holders are checked: what a terminated run held is free again after this time. Milliseconds. */
  readonly leaseMs: number;
  readonly granted?: readonly SessionsWish[];
  readonly waiting?: readonly SessionsWish[];
  /** When the holders are to be checked next, epoch milliseconds. A busy dealer continues as new within one lease. */
  readonly checkAt?: number;
}

/**
 * Deals out the sessions of one source to all runs that read it, on any host. Its id represents the source: the first
 * run that wants sessions starts it, and it ends when none does.
 */
export async function sourceSessionsWorkflow(input: SessionsInput): Promise<void> {
  const { leaseMs, granted, waiting } = input;
  const deals = new SessionDeals(granted, waiting);
  let news = 1;
  setHandler(sessionsWanted, (wish) => {
    if (deals.holds(wish.permit) && patched(HELD_AGAIN)) deals.tellAgain(wish.permit);
    else deals.want(wish);
    news += 1;
  });
  setHandler(sessionsDone, (permit) => {
    deals.end(permit);
    news += 1;
  });
  setHandler(sessionsQuery, () => deals.state());
  const { runsOver } = proxyActivities<Activities>({
    startToCloseTimeout: '30s',
    heartbeatTimeout: '15s',
    scheduleToCloseTimeout: '5m',
    summary: 'which runs that hold sessions are over?',
  });
  // A time, not a pause: news of busy runs come faster than a lease ends.
  let checkAt = input.checkAt ?? Date.now() + leaseMs;
  let check: Promise<void> | undefined;
  const checkHolders = async (): Promise<void> => {
    await endThoseOver(deals, runsOver);
    checkAt = Date.now() + leaseMs;
    check = undefined;
    news += 1;
  };
  for (let seen = 0; !workflowInfo().continueAsNewSuggested;) {
    const idle = deals.empty;
    const untilCheck = check === undefined ? Math.max(1, checkAt - Date.now()) : leaseMs;
    const changed = await condition(() => news > seen, idle ? IDLE : untilCheck);
    if (!changed && deals.empty) return;
    if (idle) checkAt = Date.now() + leaseMs;
    // Grants don't wait for it: its activity may wait for a worker.
    if (Date.now() >= checkAt) check ??= checkHolders();
    seen = news;
    for (let wish = deals.grantNext(); wish !== undefined; wish = deals.grantNext()) {
      if (await tell(wish)) continue;
      deals.end(wish.permit);
    }
    setCurrentDetails(detailsOf(deals.state()));
  }
  await check;
  await continueAsNew<typeof sourceSessionsWorkflow>({
    leaseMs,
    granted: deals.granted,
    waiting: deals.waiting,
    checkAt,
  });
}

/**
 * The workflow may live as long as the fleet does, so it moves to each new version, or no old one could ever be
 * retired. The server refuses this setting from workers that have no version.
 */
setWorkflowOptions(() => {
  const versioned = (workflowInfo().currentDeploymentVersion?.deploymentName ?? '') !== '';
  return versioned ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
}, sourceSessionsWorkflow);

/** False when the run is gone. */
async function tell({ holder, permit, each }: SessionsWish): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(holder.workflowId, holder.runId).signal(sessionsGranted, permit, each);
    return true;
  } catch (error) {
    log.info('A run that waited for sessions is gone', { workflowId: holder.workflowId, reason: String(error) });
    return false;
  }
}

/** A check that fails is repeated after the next lease. */
async function endThoseOver(deals: SessionDeals, runsOver: Activities['runsOver']): Promise<void> {
  try {
    for (const runId of await runsOver({ runs: deals.holders() })) deals.endRun(runId);
  } catch (error) {
    log.warn('It could not be found out which runs are over', { reason: String(error) });
  }
}

function detailsOf({ most, held, waiting, holders }: DealtSessions): string {
  const rows = Object.entries(holders).map(([workflowId, count]) => `| ${workflowId} | ${count} |`);
  const summary = `**${held}** of ${most ?? '–'} sessions held, ${countWords(waiting, 'wish', 'wishes')} waiting`;
  return rows.length === 0 ? summary : [summary, '', '| run | sessions |', '| --- | ---: |', ...rows].join('\n');
}
