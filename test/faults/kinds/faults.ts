import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { WorkflowKind } from '../../../src/contract/kinds.js';
import type { ProxiedCall, ProxyFault } from '../../services/fault-proxy.js';
import type { Dice } from '../seeds.js';
import type { KindTrial } from './kinds-lab.js';
import { GONE_TABLE, SERVICE } from './shop.js';
import { failedWorkflowTasks, makeCurrent, preload } from './worker-faults.js';

export interface Fault {
  /** Kinds that can meet it; default: all. */
  readonly kinds?: readonly WorkflowKind[];
  /** Of the worker that begins the run. */
  readonly env?: (trial: KindTrial) => Readonly<Record<string, string>>;
  /** Once the worker is there, before the run begins. */
  readonly prepare?: (trial: KindTrial) => Promise<void>;
  /** What becomes of calls to the catalog all the time, whatever strikes. */
  readonly standing?: (call: ProxiedCall) => ProxyFault | undefined;
  /** At the moment; ends when the fault is over. */
  readonly strike: (trial: KindTrial, dice: Dice) => Promise<void>;
  /** Once the run has ended: makes sure that it met the fault. */
  readonly met?: (trial: KindTrial) => void;
}

/** A worker notices a lost one within two seconds here and within thirty by default: a minute is four seconds. */
const GONE_MS = 4_000;
const HELD_MS = 4_000;
/** Of Temporal, by all workers: six queues that are polled alone make more. */
const CALLS_PER_SECOND = 1;
const MOST_LIMITED_MS = 20_000;
/** Calls in a row that a catalog fails. */
const FAILING_CALLS = 6;

/** What an index still shows of a table that is gone. */
const STALE_HITS = {
  hits: {
    total: { value: 1 },
    hits: [
      {
        _source: {
          id: '5ac4e8a2-0d5c-4f7e-9a51-6d0b3f0f6f10',
          fullyQualifiedName: `${SERVICE}.default.shop.${GONE_TABLE}`,
          tableType: 'Regular',
          deleted: false,
        },
      },
    ],
  },
};

export const FAULTS: Readonly<Record<string, Fault>> = {
  'a killed worker': {
    strike: async ({ worker, startWorker }) => {
      await worker.kill();
      await startWorker();
    },
  },
  'no worker for a minute': {
    strike: async ({ worker, startWorker }) => {
      await worker.kill();
      await sleep(GONE_MS);
      await startWorker();
    },
  },
  'workers that join and leave': {
    strike: async ({ worker, startWorker }, dice) => {
      const second = await startWorker();
      await worker.terminate();
      const third = startWorker();
      await sleep(dice.number(0, 1_000));
      await second.kill();
      await third;
    },
  },
  'an evicted worker': {
    strike: async ({ worker, startWorker }) => {
      const left = worker.terminate();
      await startWorker();
      expect(await left, 'exit code').to.equal(0);
    },
  },
  'held packets': {
    strike: async (trial, dice) => {
      const until = Date.now() + HELD_MS;
      const held = (): number => Math.max(0, until - Date.now());
      if (dice.pick('source', 'catalog') === 'source') trial.source.onSent(() => sleep(held()));
      else trial.disturb(() => ({ kind: 'before', then: () => sleep(held()) }));
      await sleep(HELD_MS);
      trial.source.onSent(() => undefined);
      trial.disturb(() => undefined);
    },
  },
  'an expired token': {
    strike: async (trial) => {
      const old = `Bearer ${trial.token}`;
      writeFileSync(trial.tokenFile, trial.catalog.issueToken({ lifetimeSeconds: 3_600 }));
      trial.disturb(({ authorization }) => (authorization === old ? { kind: 'status', status: 401 } : undefined));
    },
  },
  'a lagging search index': {
    // Only these ask it, for names that the catalog does not know as they are written.
    kinds: ['lineage', 'usage'],
    standing: ({ path }) => (isSearch(path) ? { kind: 'made up', body: STALE_HITS } : undefined),
    strike: async () => undefined,
    met: ({ calls }) =>
      expect(
        calls().some(({ path }) => isSearch(path)),
        'the index was asked'
      ).to.equal(true),
  },
  'a Temporal that limits calls': {
    env: ({ temporal }) => ({ TEMPORAL_ADDRESS: temporal.address }),
    // by their number and not by time: a starved machine calls seldom
    strike: async ({ temporal, refusals }, dice) => {
      const enough = dice.number(3, 12);
      temporal.limit(CALLS_PER_SECOND);
      for (const end = Date.now() + MOST_LIMITED_MS; refusals() < enough && Date.now() < end;) await sleep(20);
      temporal.limit(Infinity);
    },
    met: ({ refusals }) => expect(refusals(), 'refused calls').to.be.at.least(1),
  },
  'a full staging disk': {
    env: ({ fullFlag }) => ({ LAB_FULL: fullFlag, NODE_OPTIONS: preload('full-disk') }),
    strike: async ({ fullFlag }, dice) => {
      writeFileSync(fullFlag, '');
      await sleep(dice.number(1_000, 3_000));
      rmSync(fullFlag);
    },
  },
  'a new version of the worker': {
    env: ({ queue }) => ({ TEMPORAL_DEPLOYMENT_NAME: queue, TEMPORAL_WORKER_BUILD_ID: '1' }),
    prepare: async ({ client, queue }) => makeCurrent(client, queue, '1'),
    strike: async ({ client, queue, startWorker }) => {
      await startWorker({ TEMPORAL_DEPLOYMENT_NAME: queue, TEMPORAL_WORKER_BUILD_ID: '2' });
      await makeCurrent(client, queue, '2');
    },
  },
  'a failing workflow task': {
    strike: async ({ worker, startWorker, metrics }) => {
      await worker.kill();
      const broken = await startWorker({ NODE_OPTIONS: preload('without-workflows'), OM_INGEST_METRICS: metrics });
      for (const end = Date.now() + 30_000; (await failedWorkflowTasks(metrics)) === 0; await sleep(100))
        if (Date.now() > end) throw new Error('no metric shows that workflow tasks fail');
      await broken.kill();
      await startWorker();
    },
  },
  'a broken catalog': {
    strike: async (trial, dice) => {
      const fault = dice.pick<ProxyFault>(
        { kind: 'status', status: 500 },
        { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
        { kind: 'reset after commit' },
        { kind: 'truncate' }
      );
      let left = fault.kind === 'status' ? FAILING_CALLS : 2;
      // A POST is never repeated blindly, but those of usage are looked up; the last status is not repeated for ever.
      trial.disturb(({ method, path }) => {
        if ((method === 'POST' && !path.includes('/usage/')) || path.includes('/pipelineStatus') || left === 0)
          return undefined;
        left -= 1;
        return fault;
      });
    },
  },
};

export const FAULT_NAMES: readonly string[] = Object.keys(FAULTS);

export function faultOf(name: string): Fault {
  const fault = FAULTS[name];
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  return fault;
}

/** A question to the catalog's search index. */
export function isSearch(path: string): boolean {
  return path.includes('/v1/search/');
}
