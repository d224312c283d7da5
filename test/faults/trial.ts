import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { z } from 'zod';
import type { LocalCatalog } from '../../src/local-catalog/index.js';
import { unitCount, unitSchemas } from '../../src/metadata/index.js';
import type { RunReport } from '../../src/report/index.js';
import { FolderStore, type ManifestEntry } from '../../src/staging/index.js';
import type { FaultProxy } from '../services/fault-proxy.js';
import type { WorkerProcess } from '../services/worker-process.js';
import { PIPELINE } from './fault-source.js';

/**
 * What a run leaves behind, without what may differ: times, calls, and how often a retry found its work done already.
 */
export interface Outcome {
  readonly catalog: Record<string, unknown>;
  readonly report: unknown;
  readonly status: unknown;
}

export interface ManifestSnapshot {
  /** Extracted so far: by unit, its schemas and the manifest. */
  readonly units: readonly { readonly schemas: readonly string[]; readonly manifest: readonly ManifestEntry[] }[];
}

/** One experiment: a catalog in the state before, a staging folder and a queue of its own. */
export interface Trial {
  readonly proxy: FaultProxy;
  readonly handle: WorkflowHandleWithFirstExecutionRunId;
  readonly workflowId: string;
  /** The catalog's bearer token, its file, and the staging folder. */
  readonly token: string;
  readonly catalogFile: string;
  readonly staging: string;
  readonly start: (workflowId?: string, recipePath?: string) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  /** As the first one; what is given here stands above its environment. */
  readonly startWorker: (env?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
  readonly worker: WorkerProcess;
  readonly snapshot: () => Promise<ManifestSnapshot>;
  /** Waits until this many chunks are extracted, or until extraction is over. */
  readonly untilChunks: (count: number) => Promise<void>;
  /** Names of staged runs. */
  readonly staged: () => string[];
  readonly statuses: () => Promise<z.infer<typeof statusModel>[]>;
  /** What stands in the catalog and in the status of this run. */
  readonly outcome: (report: RunReport) => Promise<Outcome>;
  /** Asserts that nothing of what the snapshot shows as staged was read again from the source since the last mark. */
  readonly expectNotReadAgain: (snapshot: ManifestSnapshot) => Promise<void>;
  /** What is read from now on is read after the fault. */
  readonly markReads: () => Promise<void>;
}

export const statusModel = z.object({
  runId: z.string(),
  pipelineState: z.string(),
  endDate: z.number().optional(),
  status: z
    .array(
      z.object({
        name: z.string(),
        records: z.number(),
        warnings: z.number(),
        errors: z.number(),
        filtered: z.number(),
        failures: z.array(z.unknown()),
      })
    )
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

export async function snapshotOf(staging: string, run: string): Promise<ManifestSnapshot> {
  const store = await FolderStore.open(staging);
  const scopes = { run, stage: 'scopes', slice: '0' };
  const count = unitCount(await store.manifest(scopes));
  const units = [];
  for (let unit = 0; unit < count; unit += 1) {
    const schemas = (await unitSchemas(store, scopes, unit)).map(({ schema }) => schema);
    units.push({ schemas, manifest: await store.manifest({ run, stage: 'extract', slice: String(unit) }) });
  }
  return { units };
}

export async function untilChunks(staging: string, run: string, count: number): Promise<void> {
  const extract = path.join(staging, 'runs', run, 'extract');
  const publish = path.join(staging, 'runs', run, 'publish');
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(2)) {
    if (entries(extract) >= count || entries(publish) > 1) return;
  }
  throw new Error(`no ${count} chunks were extracted within a minute`);
}

function entries(stage: string): number {
  try {
    return readdirSync(stage, { recursive: true }).filter((name) => String(name).endsWith('.entry')).length;
  } catch {
    return 0;
  }
}

export async function statusesOf({ url, token }: LocalCatalog, since: number): Promise<z.infer<typeof statusModel>[]> {
  const answer = await fetch(
    `${url}/api/v1/services/ingestionPipelines/${PIPELINE}/pipelineStatus?startTs=${since}&endTs=${Date.now() + 1000}`,
    {
      headers: { authorization: `Bearer ${token}` },
    }
  );
  return z.object({ data: z.array(statusModel) }).parse(await answer.json()).data;
}

/**
 * An entity that a retry finds in the catalog already counts as unchanged there, as a record in a clean run. A table
 * that an attempt wrote before it died is written with all its keys by the next one, and not patched later: `updated`
 * says what was patched, so it may be less.
 */
export function steadyReport(report: RunReport): unknown {
  const { state, successPercent, notes, error, service, workflow } = report;
  const steps = report.steps.map(({ name, records, unchanged, deleted, filtered, warnings, errors, failures }) => ({
    name,
    done: records + unchanged,
    deleted,
    filtered,
    warnings,
    errors,
    failures,
  }));
  return { state, successPercent, notes, error, service, workflow, steps };
}

export function steadyStatus(status: z.infer<typeof statusModel> | undefined): unknown {
  return status && { state: status.pipelineState, ended: status.endDate !== undefined, steps: status.status };
}
