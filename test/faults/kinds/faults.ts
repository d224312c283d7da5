import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { WorkflowKind } from '../../../src/contract/kinds.js';
import type { ProxyFault } from '../../services/fault-proxy.js';
import type { Dice } from '../seeds.js';
import type { KindTrial } from './kinds-lab.js';
import { failedWorkflowTasks, makeCurrent, preload } from './worker-faults.js';

export interface Fault {
  /** Kinds that can meet it; default: all. */
  readonly kinds?: readonly WorkflowKind[];
  /** Of the worker that begins the run. */
  readonly env?: (trial: KindTrial) => Readonly<Record<string, string>>;
  /** Once the worker is there, before the run begins. */
  readonly prepare?: (trial: KindTrial) => Promise<void>;
  /** At the moment; ends when the fault is over. */
  readonly strike: (trial: KindTrial, dice: Dice) => Promise<void>;
}

/** A worker notices a lost one within two seconds here and within thirty by default: a minute is four seconds. */
const GONE_MS = 4_000;
const HELD_MS = 4_000;
/** Calls in a row that a catalog fails. */
const FAILING_CALLS = 6;

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
    kinds: ['lineage', 'usage'],
    strike: async (trial) => {
      const nothing = { hits: { total: { value: 0 }, hits: [] } };
      trial.disturb(({ path }) => (path.includes('/search/') ? { kind: 'made up', body: nothing } : undefined));
    },
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
      // A POST is never repeated blindly; the last status is not repeated for ever.
      trial.disturb(({ method, path }) => {
        if (method === 'POST' || path.includes('/pipelineStatus') || left === 0) return undefined;
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
