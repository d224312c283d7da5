import {
  addForeignKeys,
  DELETIONS,
  deleteStage,
  extractUnit,
  listScopes,
  publishScopes,
  publishUnit,
} from '../../../src/metadata/index.js';
import type { DeferredLine } from '../../../src/metadata/staged-record.js';
import type { SourceScope } from '../../../src/sources/index.js';
import { toLines, type SliceAddress, type StagingStore } from '../../../src/staging/index.js';
import { FakeCatalog } from '../metadata/fake-catalog.js';
import { FakeSource, table, type FakeDatabase } from '../metadata/fake-source.js';
import { ALL_FLAGS } from '../metadata/publish-input.js';
import { attemptOn } from '../staging/attempt-on.js';
import type { MakeCase } from './killed-stage.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';
import { STAGES } from '../../../src/contract/stage-names.js';

const OPTIONS = { ...ALL_OPTIONS, includeDDL: true };
/** Two tables of this size make a chunk. */
const BIG = 'x'.repeat(200_000);
const SCHEMAS = ['a', 'b', 'c', 'd'];
const SERVICE = 'shop';
const BULK = { batchSize: 100, workers: 1, overrideMetadata: false, deleteFlags: ALL_FLAGS } as const;

/** Four schemas of a unit each, the first with six large tables. */
function database(): FakeDatabase {
  const scopes: SourceScope[] = [
    { kind: 'database', name: 'd' },
    ...SCHEMAS.map((name): SourceScope => ({ kind: 'schema', database: 'd', name, weight: 1_000 })),
    { kind: 'unselected', entity: 'schema', database: 'd', schema: 'left', reason: 'filtered' },
  ];
  const records = Object.fromEntries(SCHEMAS.map((schema) => [`d.${schema}`, [table('t')]]));
  records['d.a'] = [0, 1, 2, 3, 4, 5].map((n) =>
    table(`t${n}`, { definition: BIG, warnings: ['a column was left out'] })
  );
  return { scopes, records, visibility: 'v' };
}

const slice = (run: string, stage: string, name = '0'): SliceAddress => ({ run, stage, slice: name });

async function staged(store: StagingStore, run: string, units: readonly number[]): Promise<FakeCatalog> {
  const source = new FakeSource(database());
  const catalog = new FakeCatalog();
  const common = { ...attemptOn(store), service: SERVICE, source: async () => source, selection: EVERYTHING };
  await listScopes({ ...common, options: { includeTags: true }, to: slice(run, 'scopes') });
  for (const unit of units) {
    const schemas = [{ database: 'd', schema: SCHEMAS[unit] ?? '' }];
    await extractUnit({ ...common, schemas, options: OPTIONS, to: slice(run, 'extract', `${unit}`) });
  }
  return catalog;
}

export const scopes: MakeCase = async (_store, run) => {
  const held = database();
  return {
    to: slice(run, 'scopes'),
    attempt: (attempt) =>
      listScopes({
        ...attempt,
        service: SERVICE,
        source: async () => new FakeSource(held),
        selection: EVERYTHING,
        options: { includeTags: true },
        to: slice(run, 'scopes'),
      }),
    vanish: (line) => {
      const { schema } = JSON.parse(line) as { schema?: string };
      held.scopes = held.scopes.filter((scope) => scope.kind !== 'schema' || scope.name !== schema);
    },
  };
};

export const extract: MakeCase = async (_store, run) => {
  const held = database();
  return {
    to: slice(run, 'extract'),
    attempt: (attempt) =>
      extractUnit({
        ...attempt,
        service: SERVICE,
        schemas: [{ database: 'd', schema: 'a' }],
        source: async () => new FakeSource(held),
        selection: EVERYTHING,
        options: OPTIONS,
        to: slice(run, 'extract'),
      }),
    vanish: (line) => {
      const name = /"name":"(t\d)"/.exec(line)?.[1];
      held.records['d.a'] = (held.records['d.a'] ?? []).filter((record) => record.name !== name);
    },
  };
};

export const publishedScopes: MakeCase = async (store, run) => {
  const catalog = await staged(store, run, []);
  const [from, to] = [slice(run, 'scopes'), slice(run, 'published-scopes')];
  return { to, attempt: (attempt) => publishScopes({ ...attempt, ...BULK, service: SERVICE, catalog, from, to }) };
};

export const publish: MakeCase = async (store, run) => {
  const catalog = await staged(store, run, [0]);
  const [from, to] = [slice(run, 'extract'), slice(run, 'publish')];
  return { to, attempt: (attempt) => publishUnit({ ...attempt, ...BULK, service: SERVICE, catalog, from, to }) };
};

export const foreignKeys: MakeCase = async (store, run) => {
  const catalog = new FakeCatalog();
  const from = slice(run, 'publish');
  const fqns = SCHEMAS.map((schema) => `shop.d.${schema}.t`);
  catalog.has('tables', ...fqns);
  for (const [n, tableFqn] of fqns.entries()) {
    const constraint = {
      constraintType: 'FOREIGN_KEY',
      columns: [`c${n}`],
      referredColumns: ['shop.d.a.t.id'],
    } as const;
    const line: DeferredLine = {
      tableFqn,
      foreignKeys: [{ referredTable: 'shop.d.a.t', constraint }],
      sourceHash: 'h',
    };
    await store.commit(from, { n, lines: toLines([line]), last: n === fqns.length - 1 });
  }
  const to = slice(run, 'foreign-keys');
  return { to, attempt: (attempt) => addForeignKeys({ ...attempt, catalog, from: [from], to }) };
};

export const deleted: MakeCase = async (store, run) => {
  const units = SCHEMAS.map((_, unit) => unit);
  const catalog = await staged(store, run, units);
  for (const schema of SCHEMAS) catalog.has('tables', `shop.d.${schema}.gone`);
  await publishScopes({
    ...attemptOn(store),
    ...BULK,
    service: SERVICE,
    catalog,
    from: slice(run, 'scopes'),
    to: slice(run, 'published-scopes'),
  });
  for (const unit of units) {
    const places = { from: slice(run, 'extract', `${unit}`), to: slice(run, 'publish', `${unit}`) };
    await publishUnit({ ...attemptOn(store), ...BULK, service: SERVICE, catalog, ...places });
  }
  return {
    to: DELETIONS.map((name) => slice(run, 'deleted', name)),
    attempt: (attempt) =>
      deleteStage({
        ...attempt,
        service: SERVICE,
        catalog,
        run,
        stages: STAGES,
        flags: ALL_FLAGS,
        // Two of the four that are gone: what an attempt marked is no longer allowed to the next one.
        maxDeletedPercent: 14,
        source: async () => new FakeSource(database()),
        visibility: 'v',
        earlier: undefined,
        remembers: false,
        startedAt: 0,
      }),
  };
};
