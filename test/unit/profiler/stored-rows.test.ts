import { expect } from 'chai';
import { tableFactsOf } from '../../../src/data-quality/server-records.js';
import { PermanentError } from '../../../src/errors/index.js';
import { OpenMetadataClient, tableUnderTestRecord } from '../../../src/openmetadata/index.js';
import {
  emptyStoredRows,
  listTables,
  mayStillShow,
  planHash,
  resolvePlan,
  type ListInput,
} from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';
import { CatalogUnderTest } from '../local-catalog/catalog-under-test.js';

type Table = Parameters<typeof resolvePlan>[0];

const SENSITIVE = [{ tagFQN: 'PII.Sensitive' }];
const { signal } = new AbortController();

function recipeOf(own: object = {}, generateSampleData = true): ProfilerRecipe {
  const config = { computeTableMetrics: true, computeColumnMetrics: true, generateSampleData };
  return {
    source: { type: 'sqlite', serviceName: 's', sourceConfig: { config } },
    workflowConfig: { config: { profiler: own } },
  } as unknown as ProfilerRecipe;
}

function tableOf(tags: object, name = 't'): Table {
  const { table = [], ssn = [], street = [] } = tags as Record<string, readonly object[]>;
  const column = (of: string, more: object): object => ({
    ...{ name: of, dataType: 'INT', tags: [], children: [], customMetrics: [] },
    ...more,
  });
  return {
    ...{ id: name, name, fullyQualifiedName: `s.default.main.${name}`, tags: table, customMetrics: [] },
    columns: [
      column('id', {}),
      column('ssn', { tags: ssn }),
      column('home', { dataType: 'STRUCT', children: [{ name: 'street', tags: street, children: [] }] }),
    ],
  } as unknown as Table;
}

function settingsOf(recipe: ProfilerRecipe): Parameters<typeof resolvePlan>[2] {
  return { recipe, server: undefined, database: undefined, schema: undefined, now: 1, dialect: sqliteMeasureDialect };
}

describe('Rows of a table that may not be shown', () => {
  it('are those of columns with a tag, of columns with a tagged part, and all of a tagged table', () => {
    const shown = (tags: object): unknown => {
      const plan = resolvePlan(tableOf(tags), undefined, settingsOf(recipeOf()));
      return plan.emptiesSample ?? plan.sampleData?.columns.map(({ catalogName }) => catalogName);
    };
    expect(shown({})).to.deep.equal(['id', 'ssn', 'home']);
    expect(shown({ ssn: SENSITIVE })).to.deep.equal(['id', 'home']);
    expect(shown({ street: SENSITIVE })).to.deep.equal(['id', 'ssn']);
    expect(shown({ table: SENSITIVE })).to.equal(true);
    const masked = resolvePlan(
      tableOf({ table: SENSITIVE }),
      undefined,
      settingsOf(recipeOf({ maskSensitiveMetrics: true }))
    );
    expect(masked.columns.flatMap(({ metrics }) => metrics))
      .to.include('mean')
      .and.not.include('max');
  });

  it('are not kept of tests either', () => {
    const tagsOf = (tags: object): unknown =>
      tableFactsOf(tableUnderTestRecord.parse(tableOf(tags))).columns.map((column) => column.tags);
    expect(tagsOf({ street: SENSITIVE })).to.deep.equal([[], [], ['PII.Sensitive']]);
    expect(tagsOf({ table: SENSITIVE })).to.deep.equal([['PII.Sensitive'], ['PII.Sensitive'], ['PII.Sensitive']]);
  });

  it('go before anything is measured, of tables that are listed, fail or are left out; not of unchanged ones', async () => {
    const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
      yield records;
    };
    const container = (fqn: string): object => ({ id: fqn, name: fqn.split('.').at(-1), fullyQualifiedName: fqn });
    const recipe = recipeOf({ budget: { statements: 1 } });
    const facts = (name: string) => ({ table: name, isView: false, changed: { mark: '1' } });
    const listed = (schema: object, tables: readonly Table[], more: Partial<ListInput>, due: string[]) =>
      listTables({
        client: {
          profiles: {
            databases: () => page([container('s.default')]),
            schemas: () => page([schema]),
            tables: () => page(tables),
          },
        } as unknown as ListInput['client'],
        ...{
          recipe,
          recorder: new PartRecorder(),
          signal,
          remembered: new Map(),
          settings: { server: undefined, now: 1 },
        },
        source: {
          dialect: sqliteMeasureDialect,
          facts: async () => ({ asOf: 1, tables: new Map(['t', 'same'].map((name) => [name, facts(name)])) }),
        },
        onDue: ({ name }) => void due.push(name),
        ...more,
      });
    const main = container('s.default.main');
    const tagged = tableOf({ ssn: SENSITIVE });
    const same = tableOf({ ssn: SENSITIVE }, 'same');
    const hash = planHash(resolvePlan(same, facts('same'), settingsOf(recipe)));
    const broken = { ...tableOf({}, 'broken'), tableProfilerConfig: { profileSample: -5 } } as unknown as Table;
    const due: string[] = [];
    const remembered = new Map([[same.fullyQualifiedName, { hash, asOf: 5, mark: '1', timestamp: 1 }]]);
    expect(await listed(main, [tagged, same, broken], { remembered }, due), 'beyond the budget').to.deep.equal([]);
    expect(due).to.deep.equal(['t', 'broken']);
    const unreadable: string[] = [];
    const source: ListInput['source'] = {
      dialect: sqliteMeasureDialect,
      facts: async () => Promise.reject(new PermanentError('no such schema.')),
    };
    await listed(main, [tagged], { source }, unreadable);
    expect(unreadable).to.deep.equal(['t']);
  });

  it('are emptied in OpenMetadata if a column is among them that has got the tag, and only then', async () => {
    const server = await CatalogUnderTest.start();
    const client = new OpenMetadataClient({
      hostPort: server.catalog.hostPort,
      token: () => Promise.resolve(server.catalog.token),
      userAgent: 'test',
    });
    try {
      await server.call('PUT', '/services/databaseServices', { name: 's', serviceType: 'Mysql' });
      await server.call('PUT', '/databases', { name: 'default', service: 's' });
      await server.call('PUT', '/databaseSchemas', { name: 'main', database: 's.default' });
      const columns = ['id', 'ssn', 'home'].map((name) => ({ name, dataType: 'INT' }));
      const created = await server.call('PUT', '/tables', { name: 't', databaseSchema: 's.default.main', columns });
      const id = created.textAt('id');
      const sample = { columns: ['id', 'ssn'], rows: [[1, 123]] };
      const stored = async (): Promise<unknown> =>
        (await server.call('GET', `/tables/${id}/sampleData`)).at('sampleData');
      const emptied = async (tags: object, generateSampleData = true): Promise<unknown> => {
        await server.call('PUT', `/tables/${id}/sampleData`, sample);
        const table = { ...tableOf(tags), id };
        const mayShow = mayStillShow(table, recipeOf({}, generateSampleData), undefined);
        const recorder = new PartRecorder();
        if (mayShow !== undefined) await emptyStoredRows(table, mayShow, { client, recorder, signal });
        return stored();
      };
      expect(await emptied({})).to.deep.equal(sample);
      expect(await emptied({ street: SENSITIVE }), 'not among them').to.deep.equal(sample);
      expect(await emptied({ ssn: SENSITIVE }, false), 'no rows are wanted').to.deep.equal(sample);
      for (const tags of [{ ssn: SENSITIVE }, { table: SENSITIVE }])
        expect(await emptied(tags)).to.deep.equal({ columns: [], rows: [] });
      const never = await server.call('PUT', '/tables', { name: 'n', databaseSchema: 's.default.main', columns });
      expect(await client.profiles.sampleColumns(never.textAt('id'), { signal })).to.deep.equal([]);
    } finally {
      await client.close();
      await server.close();
    }
  });
});
