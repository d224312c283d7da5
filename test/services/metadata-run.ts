/**
 * Metadata runs without a Temporal server: a run's own activities, called in the order in which its workflow calls
 * them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withContext } from '../../src/activities/run/stage-context.js';
import { createActivities, type Activities } from '../../src/activities/index.js';
import type { RunIdentity } from '../../src/contract/run-plan.js';
import type { RunReport } from '../../src/contract/run-report.js';
import { startLocalCatalog, type LocalCatalog } from '../../src/local-catalog/index.js';
import { PartRecorder } from '../../src/report/index.js';
import { withRecorder } from '../../src/run-context/index.js';
import { FolderStore } from '../../src/staging/index.js';

export interface MetadataRuns {
  readonly catalog: LocalCatalog;
  /** Runs a recipe's `source`, as a run of the pipeline `<service>.metadata` when asked. */
  run(source: RecipeSource, options?: RunOptions): Promise<RunReport>;
  /** FQNs of entities marked deleted below a service, sorted. */
  deleted(service: string): Promise<string[]>;
  /** FQNs of live ones. */
  live(service: string): Promise<string[]>;
  /** The `metadata` of the last status of `<service>.metadata`. */
  lastStatus(service: string): Promise<Record<string, unknown> | undefined>;
  close(): Promise<void>;
}

export interface RecipeSource {
  readonly type: string;
  readonly serviceName: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  readonly pipeline?: boolean;
  readonly maxDeletedPercent?: number;
  /** Where the catalog is asked, when something stands before it. */
  readonly hostPort?: string;
  /** Called between the publishing of what was read and the search for what is gone. */
  readonly beforeDeletions?: () => Promise<void>;
  /**
   * How it ends once it has marked what is gone: by a cancellation, or without another word (the promise is then
   * rejected).
   */
  readonly ends?: 'cancelled' | 'killed';
  /**
   * Lost once it has marked what is gone: its staging store, so that it begins again on another one, or all of them.
   */
  readonly loses?: 'store' | 'run';
  /** By how much the run's clock is ahead. */
  readonly hoursLater?: number;
}

export async function startMetadataRuns(): Promise<MetadataRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'om-metadata-runs-'));
  const catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
  const store = await FolderStore.open(join(folder, 'staging'));
  const underWay = new Set<string>();
  const deps = {
    store,
    recipesDir: folder,
    taskQueue: 'test',
    heartbeatMs: 60_000,
    slots: 4,
    storeTimeoutMs: 60_000,
    isRunning: async (workflowId: string) => underWay.has(workflowId),
  };
  const activities = createActivities(deps);
  const elsewhere = createActivities({ ...deps, store: await FolderStore.open(join(folder, 'staging-elsewhere')) });
  let runs = 0;

  const list = async (kind: string, scope: string, include: string): Promise<string[]> => {
    const { data } = (await ask(catalog, `/${kind}?limit=1000&include=${include}&${scope}`)) as {
      data: { fullyQualifiedName: string }[];
    };
    return data.map((entity) => entity.fullyQualifiedName);
  };
  const listed = async (service: string, include: string): Promise<string[]> => {
    const found = [
      ...(await list('databases', `service=${service}`, include)),
      ...(await list('storedProcedures', `service=${service}`, include)),
    ];
    for (const database of await list('databases', `service=${service}`, 'all')) {
      for (const kind of ['databaseSchemas', 'tables'])
        found.push(...(await list(kind, `database=${encodeURIComponent(database)}`, include)));
    }
    return found.sort();
  };

  return {
    catalog,
    run: async (source, options = {}) => {
      runs += 1;
      const recipePath = `recipe-${runs}.yaml`;
      writeFileSync(join(folder, recipePath), JSON.stringify(recipeOf(catalog, source, options)));
      // Statuses are told apart by their times.
      const startedAt = Date.now() + runs + (options.hoursLater ?? 0) * 3_600_000;
      const identity: RunIdentity = {
        workflowId: `test-${runs}`,
        pipelineRunId: `run-${runs}`,
        startedAt,
        anchor: startedAt,
        kind: 'metadata',
      };
      underWay.add(identity.workflowId);
      try {
        if (options.loses === 'store') {
          await stages(activities.functions, identity, recipePath, { ...options, ends: 'killed' }).catch(
            () => undefined
          );
          return await stages(elsewhere.functions, identity, recipePath, options);
        }
        return await stages(activities.functions, identity, recipePath, options);
      } finally {
        underWay.delete(identity.workflowId);
      }
    },
    deleted: (service) => listed(service, 'deleted'),
    live: (service) => listed(service, 'non-deleted'),
    lastStatus: async (service) => {
      const path = `/services/ingestionPipelines/${service}.metadata/pipelineStatus?startTs=0&endTs=${Date.now() + 100 * 86_400_000}`;
      const { data } = (await ask(catalog, path)) as {
        data: { startDate: number; metadata?: Record<string, unknown> }[];
      };
      return data.sort((left, right) => right.startDate - left.startDate)[0]?.metadata;
    },
    close: async () => {
      await Promise.all([activities.close(), elsewhere.close()]);
      await catalog.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function stages(
  activities: Activities,
  identity: RunIdentity,
  recipePath: string,
  { beforeDeletions, ends, loses }: RunOptions
): Promise<RunReport> {
  const recipe = { recipePath };
  const call = <I, R>(activity: (input: I) => Promise<R>, input: I): Promise<R> => inStageOf(() => activity(input));
  const plan = await call(activities.prepareRun, { identity, recipe });
  const input = { identity, plan };
  try {
    const { units } = await call(activities.listScopes, input);
    let nothingGone = (await call(activities.publishScopes, input)).nothingGone === true;
    let deferred = 0;
    for (let unit = 0; unit < units; unit += 1) {
      await call(activities.extractUnit, { ...input, unit });
      const published = await call(activities.publishUnit, { ...input, unit });
      deferred += published.deferred;
      nothingGone &&= published.nothingGone === true;
    }
    if (deferred > 0) await call(activities.addForeignKeys, input);
    await beforeDeletions?.();
    if (!nothingGone) await call(activities.markDeleted, input);
    if (ends === 'killed') throw new Error('killed');
    if (loses === 'run') return await call(activities.failRun, { identity, recipe, error: 'no store is left' });
    return await call(activities.finishRun, { identity, recipe, plan, ...(ends === undefined ? {} : { error: ends }) });
  } finally {
    if (ends !== 'killed') await call(activities.removeStaged, input);
  }
}

/** What the worker's interceptor gives to an activity. */
function inStageOf<R>(work: () => Promise<R>): Promise<R> {
  const recorder = new PartRecorder();
  const none = (): void => undefined;
  const { signal } = new AbortController();
  const context = { signal, recorder, progress: none, wait: () => Promise.resolve(), logAt: none };
  return withContext(context, () => withRecorder(recorder, work));
}

function recipeOf(catalog: LocalCatalog, source: RecipeSource, options: RunOptions): Record<string, unknown> {
  const { type, serviceName, connection, config } = source;
  return {
    source: {
      type,
      serviceName,
      serviceConnection: { config: connection },
      sourceConfig: { config: { type: 'DatabaseMetadata', ...config } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      successThreshold: 10,
      openMetadataServerConfig: {
        hostPort: options.hostPort ?? catalog.hostPort,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: catalog.token },
      },
      ...(options.maxDeletedPercent === undefined ? {} : { config: { maxDeletedPercent: options.maxDeletedPercent } }),
    },
    ...(options.pipeline === true ? { ingestionPipelineFQN: `${serviceName}.metadata` } : {}),
  };
}

async function ask(catalog: LocalCatalog, path: string): Promise<unknown> {
  const response = await fetch(`${catalog.url}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${catalog.token}` },
  });
  if (!response.ok) throw new Error(`GET ${path}: HTTP ${response.status} ${await response.text()}`);
  return response.json();
}
