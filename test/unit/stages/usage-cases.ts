import type { ParsedText } from '../../../src/usage/staged-line.js';
import type { KeyedPart } from '../../../src/usage/usage-part.js';
import { toLines, type SliceAddress, type StagingStore } from '../../../src/staging/index.js';
import { nameFilter } from '../../../src/filters/index.js';
import {
  aggregateUsage,
  dayOf,
  foldWindow,
  publishUsage,
  type UsageClient,
  type RunLog,
} from '../../../src/usage/index.js';
import { edgesCatalog } from '../lineage/catalog.js';
import type { Attempt, MakeCase } from './killed-stage.js';

/** Three lines of this size make a chunk. */
const BIG = 'x'.repeat(170_000);
const DAY_MS = 24 * 3_600_000;
const NOW = Date.now();
const NEVER = new AbortController().signal;

const slice = (run: string, stage: string, name = '0'): SliceAddress => ({ run, stage, slice: name });

function parsed(n: number): ParsedText {
  const day = dayOf(NOW) - (n % 3) * DAY_MS;
  return {
    tables: [{ id: `id${n % 4}`, fqn: `s.default.shop.t${n % 4}`, uses: ['accessed'] }],
    joins: [{ left: `s.default.shop.t${n % 4}`, column: 'id', other: 's.default.shop.z.id' }],
    query: { text: `${BIG}${n % 10}` },
    days: [{ day, runs: 1 + n, timed: 1, durationMs: n, priced: 1, cost: n }],
    users: [[`user${n % 5}`]],
    newest: { at: day + n, user: [`user${n % 5}`] },
  };
}

/** Twenty texts, of which each comes twice, in four chunks. */
async function parsedChunks(
  store: StagingStore,
  run: string,
  watched: 'spilled' | 'merged' = 'merged'
): Promise<(attempt: Attempt) => Promise<unknown>> {
  const from = slice(run, 'parsed');
  for (let n = 0; n < 4; n += 1) {
    const lines = toLines([0, 1, 2, 3, 4].map((line) => parsed(n * 5 + line)));
    await store.commit(from, { n, lines, last: n === 3 });
  }
  const chunks = await store.manifest(from);
  return (attempt) =>
    aggregateUsage({
      ...attempt,
      chunks,
      run: (n) => slice(run, 'usage-runs', String(n)),
      to: slice(run, 'usage'),
      withCosts: true,
      ...(watched === 'spilled'
        ? { heldBytes: 1_200_000, onCommit: () => undefined, onSpill: () => attempt.onCommit({ n: 0, last: false }) }
        : { onSpill: () => undefined }),
      onPart: () => attempt.recorder.count('source', { records: 1 }),
      onEnd: () => attempt.recorder.warning('source', 'told once'),
    });
}

/**
 * Thirty texts, of which each runs twice, read in several sorted runs; every seventh record does not count. What is
 * counted besides is told at the end.
 */
export const queryRuns: MakeCase = async (_store, run) => {
  const source: RunLog = {
    async *read(_window, _options, after) {
      for (let n = Number(after?.['n'] ?? 0); n < 60; n += 1) {
        const text = `SELECT ${'x'.repeat(30_000)}${n % 30} FROM t WHERE id = ${n}`;
        const record = { kind: 'query', text, startedAt: NOW, aborted: n % 7 === 0 } as const;
        yield { record, cursor: { n: n + 1 } };
      }
    },
  };
  const options = { resultLimit: 0, users: { includes: [], excludes: [] } };
  return {
    to: slice(run, 'queries'),
    attempt: (attempt) =>
      foldWindow({
        ...attempt,
        source: async () => source,
        ...{ window: { from: 0, to: NOW, log: 'l' }, options, dialect: 'mysql', now: NOW, heldBytes: 600_000 },
        run: (n) => slice(run, 'query-runs', `0-${n}`),
        to: slice(run, 'queries'),
        users: nameFilter('usage', { includes: [], excludes: [] }),
        onSpill: () => attempt.onCommit({ n: 0, last: false }),
      }),
  };
};

export const usage: MakeCase = async (store, run) => ({
  to: slice(run, 'usage'),
  attempt: await parsedChunks(store, run),
});

/** What it counts is counted with the merged parts. */
export const usageRuns: MakeCase = async (store, run) => ({
  to: slice(run, 'usage-runs'),
  attempt: await parsedChunks(store, run, 'spilled'),
});

export const publishedUsage: MakeCase = async (store, run) => {
  const om = await edgesCatalog();
  const ids: string[] = [];
  for (const name of ['a', 'b']) {
    await om.add(`s.default.shop.${name}`);
    ids.push((await om.client.tables.findByName(`s.default.shop.${name}`))?.id ?? '');
  }
  // ids are others in each catalog, and what is staged must not be
  const [first, second] = ['id of a', 'id of b'];
  const client = withIds(om.client, new Map(ids.map((id, n) => [n === 0 ? first : second, id])));
  const days = [2, 1].map((ago) => dayOf(NOW) - ago * DAY_MS);
  const table = (name: string, id: string): KeyedPart => [
    `b s.default.shop.${name}`,
    {
      kind: 'table',
      id,
      fqn: `s.default.shop.${name}`,
      days: days.map((day): [number, number] => [day, 2]),
      lifeCycle: { accessed: { at: NOW } },
    },
  ];
  const used = (day: number, name: string, id: string): KeyedPart => [
    `c ${day} s.default.shop.${name}`,
    { kind: 'day', id, fqn: `s.default.shop.${name}`, day, count: 2, joins: [['id', 's.default.shop.b.id', 1]] },
  ];
  const parts = [
    table('a', first),
    table('b', second),
    ...days.flatMap((day) => [used(day, 'a', first), used(day, 'b', second)]),
  ];
  const [from, to] = [slice(run, 'usage'), slice(run, 'published-usage')];
  for (let n = 0; n < 3; n += 1)
    await store.commit(from, { n, lines: toLines(parts.slice(2 * n, 2 * n + 2)), last: n === 2 });
  return {
    to,
    attempt: (attempt) =>
      publishUsage({
        ...attempt,
        client,
        from,
        to,
        // what a run keeps for the next one is of the catalog that it had
        service: run,
        dialect: 'mysql',
        now: NOW,
        completeBefore: dayOf(NOW),
        lanes: 2,
        signal: NEVER,
        wait: () => Promise.resolve(),
      }),
    close: () => om.close(),
  };
};

function withIds(client: UsageClient, ids: ReadonlyMap<string, string>): UsageClient {
  const { queries, queryCosts, tables, users, usage: own } = client;
  const idOf = (id: string): string => ids.get(id) ?? id;
  const usage = Object.assign(Object.create(own) as typeof own, {
    storedCounts: (id: string, options: Parameters<typeof own.storedCounts>[1]) => own.storedCounts(idOf(id), options),
    storedJoins: (id: string, options: Parameters<typeof own.storedJoins>[1]) => own.storedJoins(idOf(id), options),
    setCount: (id: string, body: Parameters<typeof own.setCount>[1]) => own.setCount(idOf(id), body),
    addCount: (id: string, body: Parameters<typeof own.addCount>[1]) => own.addCount(idOf(id), body),
    putJoins: (id: string, body: Parameters<typeof own.putJoins>[1]) => own.putJoins(idOf(id), body),
    lifeCycleTimes: own.lifeCycleTimes.bind(own),
    computePercentiles: own.computePercentiles.bind(own),
  });
  return { queries, queryCosts, tables, users, usage };
}
