import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usageWork } from '../../../src/activities/usage/index.js';
import { nameFilter } from '../../../src/filters/index.js';
import { TableFinder } from '../../../src/lineage/index.js';
import { isJsonObject, objectsOf, textOf, type Json, type JsonObject } from '../../../src/local-catalog/json-value.js';
import { OpenMetadataClient, tokenProvider } from '../../../src/openmetadata/index.js';
import { PartRecorder, mergeParts, NO_PART, type PartReport } from '../../../src/report/index.js';
import type { Recipe } from '../../../src/recipe/index.js';
import { openUsageLogFile } from '../../../src/sources/index.js';
import { ParserPool } from '../../../src/sql/index.js';
import type { SliceAddress, StagingStore } from '../../../src/staging/index.js';
import {
  aggregateUsage,
  completeBefore,
  CounterLedger,
  foldWindow,
  parseGroups,
  publishUsage,
  runLog,
  serviceDatabases,
  UsageTally,
  type UsageClient,
} from '../../../src/usage/index.js';
import { CatalogUnderTest } from '../local-catalog/catalog-under-test.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const DAY_MS = 24 * 3_600_000;
export const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;

/** `2026-11-27` */
export function date(daysAgo: number): string {
  return new Date(TODAY - daysAgo * DAY_MS).toISOString().slice(0, 10);
}

/** A row of a log in CSV: what a test says of it. */
export interface LogRow {
  readonly text: string;
  readonly daysAgo: number;
  /** `10:00:00` */
  readonly time?: string;
  readonly user?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly duration?: number | string;
  readonly cost?: number;
  readonly aborted?: boolean;
  /** As Snowflake names kinds. */
  readonly type?: string;
  /** In place of the day and the time. */
  readonly startTime?: string;
}

export interface RunSettings {
  readonly users?: { readonly includes?: string[]; readonly excludes?: string[] };
  /** Throws when a stage commits so many entries: the attempt is over, and another one follows. */
  readonly breakAfter?: number;
  readonly heldBytes?: number;
  readonly client?: UsageClient;
  /** Called with what was added up. */
  readonly beforePublish?: (usage: SliceAddress) => Promise<void>;
  /** In place of the waits before the catalog is asked what became of a call. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

/** Ends an attempt; another one follows. */
export class Broken extends Error {}

/**
 * A service `shop` with tables, and runs of usage from rows of a log to the catalog, stage by stage and without
 * Temporal.
 */
export class UsageLab {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'om-usage-'));
  #runs = 0;

  private constructor(
    readonly server: CatalogUnderTest,
    readonly client: OpenMetadataClient,
    private temporary: TemporaryStore,
    private readonly pool: ParserPool
  ) {}

  static async open(...tables: readonly string[]): Promise<UsageLab> {
    const server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables(...tables);
    const client = new OpenMetadataClient({
      hostPort: server.catalog.hostPort,
      token: tokenProvider(server.catalog.token),
      userAgent: 'usage test',
      verifySSL: 'no-ssl',
    });
    return new UsageLab(server, client, await temporaryStore(), new ParserPool({ threads: 1 }));
  }

  get store(): StagingStore {
    return this.temporary.store;
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.client.close();
    await this.server.close();
    await this.temporary.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As on another host: what outlives runs is gone. */
  async forgetState(): Promise<void> {
    await this.temporary.remove();
    this.temporary = await temporaryStore();
  }

  /** The log as a file. */
  log(rows: readonly LogRow[]): string {
    const file = path.join(this.#folder, `log-${this.#runs}.csv`);
    const cell = (value: string | number | boolean | undefined): string =>
      `"${String(value ?? '').replaceAll('"', '""')}"`;
    const lines = rows.map((row) =>
      [
        row.text,
        row.database ?? 'main',
        row.schema ?? 'sales',
        row.startTime ?? `${date(row.daysAgo)} ${row.time ?? '10:00:00'}`,
        row.user,
        row.duration,
        row.cost,
        row.aborted,
        row.type,
      ]
        .map(cell)
        .join(',')
    );
    const head = 'query_text,database_name,schema_name,start_time,user_name,duration,cost,aborted,query_type';
    writeFileSync(file, `${[head, ...lines].join('\n')}\n`);
    return file;
  }

  /** All stages of a run, each tried again as often as it breaks. */
  async run(rows: readonly LogRow[], settings: RunSettings = {}): Promise<PartReport> {
    this.#runs += 1;
    const run = `run${this.#runs}`;
    const file = this.log(rows);
    const slice = (stage: string, name = '0'): SliceAddress => ({ run, stage, slice: name });
    const signal = new AbortController().signal;
    const { store } = this;
    const users = { includes: settings.users?.includes ?? [], excludes: settings.users?.excludes ?? [] };
    const stages: ((recorder: PartRecorder, onCommit: () => void) => Promise<unknown>)[] = [
      async (recorder, onCommit) => {
        const source = await openUsageLogFile(file, { signal, onWarning: (text) => recorder.warning('source', text) });
        const options = {
          resultLimit: 0,
          users,
        };
        const [window] = await source.windows({ from: TODAY - DAY_MS, to: TODAY + DAY_MS }, options);
        if (window === undefined) throw new Error('the log has no window');
        const to = slice('queries');
        const wanted = nameFilter('usage', users);
        const ledger = new CounterLedger({
          ...{ state: store.state, service: 'shop', version: { run, startedAt: TODAY }, settings: '' },
        });
        await foldWindow({
          ...{ store, takeFacts: () => recorder.take(), onCommit, recorder, users: wanted },
          source: async () => runLog(source, { ledger, users: wanted, recorder, startedAt: TODAY }),
          ...{ window, options, to, dialect: 'mysql', now: TODAY, onSpill: onCommit },
          run: (n) => slice('query-runs', `0-${n}`),
          ...(settings.heldBytes === undefined ? {} : { heldBytes: settings.heldBytes }),
        });
      },
      (recorder, onCommit) =>
        parseGroups({
          ...{ store, recorder, onCommit, signal, takeFacts: () => recorder.take() },
          ...{ pool: this.pool, dialect: 'mysql', from: slice('queries'), to: slice('parsed') },
          finder: new TableFinder(this.client, ['shop'], { dialect: 'mysql', folding: 'as-written' }, signal),
        }),
      async (recorder, onCommit) => {
        const chunks = await store.manifest(slice('parsed'));
        const tally = new UsageTally(chunks);
        const databases = tally.isAllUnknown ? await serviceDatabases(this.client, 'shop', signal) : [];
        await aggregateUsage({
          ...{ store, chunks, onCommit, takeFacts: () => recorder.take() },
          run: (n) => slice('usage-runs', String(n)),
          to: slice('usage'),
          withCosts: true,
          onSpill: onCommit,
          onPart: ({ kind }) => recorder.count('table-usage', { records: kind === 'day' ? 1 : 0 }),
          onEnd: () => tally.report(recorder, { service: 'shop', users, databases, isFile: true }),
          ...(settings.heldBytes === undefined ? {} : { heldBytes: settings.heldBytes }),
        });
      },
      async (recorder, onCommit) => {
        await settings.beforePublish?.(slice('usage'));
        await publishUsage({
          ...{ store, recorder, onCommit, signal, takeFacts: () => recorder.take() },
          client: settings.client ?? this.client,
          wait: settings.wait ?? (() => Promise.resolve()),
          ...{ from: slice('usage'), to: slice('published-usage'), service: 'shop', dialect: 'mysql', lanes: 4 },
          now: settings.now ?? TODAY + DAY_MS / 2,
          completeBefore: completeBefore(settings.now ?? TODAY + DAY_MS / 2, 0),
        });
      },
    ];
    for (const stage of stages) await untilDone(stage, settings.breakAfter);
    let part = NO_PART;
    for (const name of ['queries', 'parsed', 'usage', 'published-usage']) {
      for (const { facts } of await store.manifest(slice(name))) part = mergeParts(part, facts as PartReport);
    }
    return part;
  }

  /** The last run ends as one that was cancelled or failed: what it leaves to the next one. */
  async endEarly(startedAt = TODAY + DAY_MS / 2): Promise<void> {
    const recipe = { kind: 'usage', source: { serviceName: 'shop' } } as unknown as Recipe;
    const { store, client } = this;
    const { signal } = new AbortController();
    const recorder = new PartRecorder();
    await usageWork.leaveEarly({ store, recipe, run: `run${this.#runs}`, startedAt, client, recorder, signal });
    const { notes } = recorder.take();
    if (notes.length > 0) throw new Error(notes.join());
  }

  /** What the catalog holds of usage, in a form that can be compared. */
  async held(): Promise<Json> {
    const { server } = this;
    const tables = objectsOf((await server.ok('GET', '/tables?fields=joins,lifeCycle&limit=100')).at('data'));
    const usage = async (type: string, fqn: string): Promise<JsonObject> => {
      const answer = await server.ok('GET', `/usage/${type}/name/${fqn}?date=${date(0)}&days=30`);
      return Object.fromEntries(
        objectsOf(answer.at('usage')).map((row) => [
          textOf(row['date']) ?? '',
          isJsonObject(row['dailyStats']) ? row['dailyStats'] : {},
        ])
      );
    };
    const queries = objectsOf(
      (await server.ok('GET', '/queries?service=shop&fields=users,queryUsedIn&limit=500')).at('data')
    );
    const costs = objectsOf((await server.ok('GET', '/queryCostRecord/service/shop')).at('data'));
    const entries: Record<string, Json> = {};
    for (const table of tables) {
      const fqn = textOf(table['fullyQualifiedName']) ?? '';
      const joins = isJsonObject(table['joins']) ? (table['joins']['columnJoins'] ?? []) : [];
      entries[fqn] = { usage: await usage('table', fqn), joins, lifeCycle: table['lifeCycle'] ?? {} };
    }
    return {
      tables: entries,
      schema: await usage('databaseSchema', 'shop.main.sales'),
      database: await usage('database', 'shop.main'),
      queries: queries
        .map((query) => ({
          text: query['query'] ?? null,
          users: objectsOf(query['users']).map((user) => user['name'] ?? null),
          usedBy: query['usedBy'] ?? [],
          tables: objectsOf(query['queryUsedIn'])
            .map((used) => used['name'] ?? null)
            .sort(),
          duration: query['duration'] ?? null,
          date: query['queryDate'] ?? null,
        }))
        .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)),
      costs: costs
        .map(({ cost = null, count = null, timestamp = null, totalDuration = null }) => ({
          cost,
          count,
          timestamp,
          totalDuration,
        }))
        .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)),
    };
  }
}

/** Each attempt has a recorder of its own, as an activity's has: what was counted and not committed is lost with it. */
async function untilDone(
  stage: (recorder: PartRecorder, onCommit: () => void) => Promise<unknown>,
  breakAfter: number | undefined
): Promise<void> {
  for (;;) {
    let left = breakAfter ?? Infinity;
    try {
      await stage(new PartRecorder(), () => {
        left -= 1;
        if (left < 0) throw new Broken();
      });
      return;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
}
