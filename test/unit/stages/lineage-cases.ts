import {
  ContainerFinder,
  LookUpCache,
  TableFinder,
  edgeFilter,
  markViewsProcessed,
  mergeEdges,
  parseSlice,
  publishEdges,
  removeViewEdges,
  stageViews,
  type FoundTable,
} from '../../../src/lineage/index.js';
import type { MergedLine, ParsedLine, ViewLine } from '../../../src/lineage/staged-line.js';
import { planWindows, readWindow, type LogLine } from '../../../src/query-log/index.js';
import type { DatabaseLineageConfig } from '../../../src/recipe/index.js';
import type { LogRecord, QueryLogSource } from '../../../src/sources/index.js';
import { ParserPool } from '../../../src/sql/index.js';
import { toLines, type SliceAddress, type StagingStore } from '../../../src/staging/index.js';
import { edgesCatalog } from '../lineage/catalog.js';
import type { MakeCase } from './killed-stage.js';
import { sharedCatalog } from './shared-catalog.js';

/** Three lines of this size make a chunk. */
const BIG = 'x'.repeat(170_000);
const WINDOW = { from: 0, to: 1, log: 'l' };
const NEVER = new AbortController().signal;
const CONFIG = { incrementalLineageProcessing: false } as DatabaseLineageConfig;

const slice = (run: string, stage: string, name = '0'): SliceAddress => ({ run, stage, slice: name });
const lines = (text: string): string[] => Array.from({ length: 10 }, (_, n) => `${text}${n}`);

/** Stages three chunks of the lines. */
async function inChunks(store: StagingStore, to: SliceAddress, all: readonly unknown[]): Promise<void> {
  const size = Math.ceil(all.length / 3);
  for (let n = 0; n < 3; n += 1)
    await store.commit(to, { n, lines: toLines(all.slice(n * size, (n + 1) * size)), last: n === 2 });
}

export const views: MakeCase = async (_store, run) => {
  let held = lines('v').map((name) => ({
    id: name,
    name,
    fullyQualifiedName: `s.d.m.${name}`,
    schemaDefinition: BIG,
    tableType: 'View',
    processedLineage: name === 'v3',
  }));
  const page = async function* <T>(
    ...entities: readonly T[]
  ): AsyncGenerator<{ entities: readonly T[]; total: number }> {
    yield { entities, total: entities.length };
  };
  const client = {
    databases: { list: () => page({ fullyQualifiedName: 's.d' }) },
    schemas: { list: () => page({ fullyQualifiedName: 's.d.m' }) },
    tables: { list: () => page(...held) },
  } as unknown as Parameters<typeof stageViews>[0]['client'];
  const config = { ...CONFIG, incrementalLineageProcessing: true };
  const to = slice(run, 'views');
  return {
    to,
    attempt: (attempt) => stageViews({ ...attempt, client, service: 's', config, to, signal: NEVER }),
    vanish: (line) => {
      const { id } = JSON.parse(line) as ViewLine;
      held = held.filter((view) => view.id !== id);
    },
  };
};

export const windows: MakeCase = async (_store, run) => {
  let held = lines('w').map((name, n) => ({ from: n, to: n + 1, log: `${name}${BIG}` }));
  const to = slice(run, 'windows');
  return {
    to,
    attempt: (attempt) => planWindows({ ...attempt, windows: async () => held, to }),
    vanish: (line) => {
      const { from } = JSON.parse(line) as { from: number };
      held = held.filter((window) => window.from !== from);
    },
  };
};

export const queries: MakeCase = async (_store, run) => {
  let held = [...lines('q'), 'q1', ...lines('r'), 'q2'].map((text, row) => ({ row, text: `${text}${BIG}` }));
  const source: QueryLogSource = {
    windows: () => Promise.resolve([WINDOW]),
    async *read(_window, _options, after) {
      for (const { row, text } of held)
        if (row > Number(after?.['row'] ?? -1)) {
          const record: LogRecord = { kind: 'query', text, database: 'default', schema: 'shop' };
          yield { record, cursor: { row } };
        }
    },
    close: () => Promise.resolve(),
  };
  const options = { resultLimit: 0, storedProcedures: true };
  const to = slice(run, 'queries');
  return {
    to,
    attempt: (attempt) => readWindow({ ...attempt, source: async () => source, window: WINDOW, options, to }),
    vanish: (line) => {
      const { text } = JSON.parse(line) as { text: string };
      const first = held.find((record) => record.text === text);
      held = held.filter((record) => record !== first);
    },
  };
};

export const parsed: MakeCase = async (store, run) => {
  const om = await sharedCatalog();
  const pool = new ParserPool({ threads: 1 });
  const texts = [
    'INSERT INTO b SELECT id, x FROM a',
    'INSERT INTO c SELECT id, x FROM b',
    'SELECT 1',
    'INSERT INTO c SELECT * FROM gone',
  ];
  const [from, to] = [slice(run, 'queries'), slice(run, 'parsed')];
  const log = texts.map((text): LogLine => ({ kind: 'query', text, database: 'default', schema: 'shop' }));
  await inChunks(store, from, log);
  return {
    to,
    attempt: (attempt) =>
      parseSlice({
        ...attempt,
        pool,
        finder: new TableFinder(
          om.client,
          ['s'],
          { dialect: 'mysql', folding: 'as-written' },
          NEVER,
          new LookUpCache<FoundTable>()
        ),
        containers: new ContainerFinder(om.client, NEVER),
        dialect: 'mysql',
        signal: NEVER,
        from,
        to,
        lines: 'log',
        keepUnknown: false,
        isSelected: edgeFilter(CONFIG),
      }),
    close: () => pool.close(),
  };
};

const entity = (name: string): { kind: 'entity'; fqn: string; id: string } => ({
  kind: 'entity',
  fqn: `s.d.m.${name}`,
  id: name,
});

export const merged: MakeCase = async (store, run) => {
  const edges = [...lines('t'), ...lines('filtered')].map((name): ParsedLine => ({
    kind: 'edge',
    from: entity(name),
    to: entity('z'),
    columns: [],
    source: 'QueryLineage',
    sql: `${name}${BIG}`,
  }));
  const [from, to] = [slice(run, 'parsed'), slice(run, 'merged')];
  await inChunks(store, from, edges);
  return {
    to,
    attempt: (attempt) =>
      mergeEdges({
        ...attempt,
        slices: [from],
        to,
        keepUnknown: false,
        isSelected: (one) => one?.includes('filtered') !== true,
        onProgress: () => undefined,
        linesHeld: 6,
      }),
  };
};

export const publishedEdges: MakeCase = async (store, run) => {
  const om = await edgesCatalog();
  for (const name of ['a', 'b', 'c', 'd']) await om.add(`s.default.shop.${name}`);
  const edge = (from: string, to: string): MergedLine => ({
    kind: 'edge',
    from: `s.default.shop.${from}`,
    to: `s.default.shop.${to}`,
    columns: [],
    source: 'QueryLineage',
  });
  const [from, to] = [slice(run, 'merged'), slice(run, 'published-edges')];
  await inChunks(store, from, [edge('a', 'b'), edge('a', 'c'), edge('gone', 'b'), edge('b', 'c'), edge('c', 'd')]);
  return {
    to,
    attempt: (attempt) =>
      publishEdges({
        ...attempt,
        client: om.client,
        from,
        to,
        service: 's',
        dialect: 'mysql',
        lanes: 2,
        signal: NEVER,
      }),
    close: () => om.close(),
  };
};

export const removedViewEdges: MakeCase = async (store, run) => {
  const [from, to] = [slice(run, 'views'), slice(run, 'removed-view-edges')];
  await inChunks(
    store,
    from,
    lines('v').map((id): ViewLine => ({ id, fqn: `s.d.m.${id}`, definition: '' }))
  );
  const client = { lineage: { deleteBySource: async () => true } } as unknown as Parameters<
    typeof removeViewEdges
  >[0]['client'];
  return {
    to,
    attempt: (attempt) => removeViewEdges({ ...attempt, client, views: from, to, lanes: 2, signal: NEVER }),
  };
};

export const processedViews: MakeCase = async (store, run) => {
  const [from, to] = [slice(run, 'parsed', 'views'), slice(run, 'processed-views')];
  await inChunks(
    store,
    from,
    lines('v').map((id): ParsedLine => ({ kind: 'view', id, fqn: `s.d.m.${id}` }))
  );
  const marked = new Set<string>();
  const client = {
    tables: {
      findByName: async (fqn: string) => ({ id: fqn, processedLineage: marked.has(fqn) }),
      patch: async (id: string) => marked.add(id),
    },
  } as unknown as Parameters<typeof markViewsProcessed>[0]['client'];
  return {
    to,
    attempt: (attempt) =>
      markViewsProcessed({ ...attempt, client, parsed: from, published: [], to, lanes: 2, signal: NEVER }),
  };
};
