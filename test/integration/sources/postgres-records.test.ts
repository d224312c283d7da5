import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  findSource,
  type MetadataOptions,
  type MetadataSource,
  type SourceRecord,
} from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { startPostgres, type TestPostgres } from '../../services/postgres.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

/**
 * Exact records of test/data/postgres/everything.sql. After a change that is meant, write them anew and read the
 * difference:
 *
 *     UPDATE_GOLDEN=1 npx mocha dist/test/integration/sources/postgres-records.test.js && git diff test/data/postgres
 */
describe('Records of a PostgreSQL schema', () => {
  let server: TestPostgres;
  const opened: MetadataSource[] = [];

  before(async () => {
    server = await startPostgres();
    await server.query(readFileSync('test/data/postgres/everything.sql', 'utf8'));
  });
  after(async () => {
    await Promise.all(opened.map((source) => source.close()));
    await server.stop();
  });

  async function open(more: Record<string, unknown> = {}): Promise<MetadataSource> {
    const config = {
      username: server.user,
      authType: { password: server.password },
      hostPort: server.hostPort,
      database: 'postgres',
      ...more,
    };
    const source = await findSource('postgres').openMetadata(config, countingContext());
    opened.push(source);
    return source;
  }

  async function read(schema: string, options: MetadataOptions = ALL_OPTIONS): Promise<SourceRecord[]> {
    return collect((await open()).read({ database: 'postgres', schema }, EVERYTHING, options));
  }

  it('are exactly those of the golden file, every type, key, comment, partition, policy, view and routine', async () => {
    const records = await read('everything');
    const path = 'test/data/postgres/everything.records.json';
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${JSON.stringify(records, null, 2)}\n`);
    if (!existsSync(path)) throw new Error(`${path} is missing; see the head of this file`);
    expect(records).to.deep.equal(JSON.parse(readFileSync(path, 'utf8')));
  });

  it('have the DDL of tables only when the recipe asks for it, and one that the server takes', async () => {
    const names = ['numbers', 'described', 'referring', 'by_time', 'by_hash', 'structs'];
    const records = await read('everything', { ...ALL_OPTIONS, includeDDL: true });
    await server.query('CREATE DATABASE again');
    await server.query(readFileSync('test/data/postgres/everything.sql', 'utf8'), 'again');
    await server.query(`DROP TABLE ${names.map((name) => `everything.${name}`).join(', ')} CASCADE`, 'again');
    await server.query('CREATE SEQUENCE everything.numbers_j_seq; CREATE TYPE everything.numbers AS (a INT)', 'again');
    for (const name of ['described', 'referring', 'by_time', 'by_hash', 'structs']) {
      const record = records.find((each) => each.name === name);
      const definition = record?.kind === 'table' ? record.definition : undefined;
      await server.query(definition ?? 'no definition', 'again');
    }
  });

  it('have the server and the options of a foreign table in its DDL, but no secret', async () => {
    const made = `CREATE FOREIGN TABLE "far"."t" (
  "id" integer OPTIONS (column_name 'the ''key''') NOT NULL DEFAULT 1,
  "at" date,
  CONSTRAINT kept CHECK (id > 0)
) SERVER "Odd one" OPTIONS (schema_name 's', "Odd" 'x', password '***');`;
    await server.query(`CREATE SCHEMA far; CREATE FOREIGN DATA WRAPPER free; CREATE SERVER "Odd one" FOREIGN DATA WRAPPER free;
      ${made.replace('***', 'hidden')}`);
    const [record] = await read('far', { ...ALL_OPTIONS, includeDDL: true });
    expect(record?.kind === 'table' ? record.definition : undefined).to.equal(made);
  });

  it('have generated and identity columns in their DDL as they were made, not as defaults', async () => {
    const records = await read('everything', { ...ALL_OPTIONS, includeDDL: true });
    const numbers = records.find(({ name }) => name === 'numbers');
    const lines = numbers?.kind === 'table' ? (numbers.definition ?? '').split('\n').map((line) => line.trim()) : [];
    expect(lines).to.include('"k" bigint NOT NULL GENERATED ALWAYS AS IDENTITY,');
    expect(lines).to.include('"l" integer GENERATED ALWAYS AS ((b * 2)) STORED,');
    expect(lines).to.include('"m" integer DEFAULT 7,');
  });

  it('have a range key over texts as values, and multiranges of what their ranges are over', async () => {
    await server.query(`CREATE SCHEMA ranges;
      CREATE TYPE ranges.shift AS RANGE (subtype = timestamptz, multirange_type_name = ranges.shifts);
      CREATE TABLE ranges.by_name (name TEXT, held ranges.shifts, of ranges.shift) PARTITION BY RANGE (lower(name))`);
    const [table] = (await read('ranges')).filter(({ kind }) => kind === 'table');
    expect(table).to.deep.include({ partition: { columns: [{ columnName: 'name', intervalType: 'COLUMN-VALUE' }] } });
    const types = table?.kind === 'table' ? table.columns.map((each) => [each.dataType, each.arrayDataType]) : [];
    expect(types).to.deep.equal([
      ['TEXT', undefined],
      ['ARRAY', 'DATETIMERANGE'],
      ['DATETIMERANGE', undefined],
    ]);
  });

  it('have columns of row types with the columns of these tables as children, in arrays too', async () => {
    await server.query(`CREATE SCHEMA rows; CREATE TABLE rows.inner (a INT, b TEXT); CREATE TABLE rows.never (a INT);
      CREATE TABLE rows.outer (one rows.inner, many rows.inner[])`);
    const outer = (await read('rows')).find(({ name }) => name === 'outer');
    const columns = outer?.kind === 'table' ? outer.columns : [];
    expect(columns.map(({ dataType, children }) => [dataType, children?.map(({ name }) => name)])).to.deep.equal([
      ['STRUCT', ['a', 'b']],
      ['ARRAY', ['a', 'b']],
    ]);
  });

  it('have the order of a partition key, and parents and UNLOGGED in their DDL', async () => {
    const child = `CREATE UNLOGGED TABLE "orders"."child" (
  "z" integer,
  "a" date,
  "own" text
) INHERITS (orders.one, orders."Two");`;
    await server.query(`CREATE SCHEMA orders; CREATE TABLE orders.one (z INT, a DATE); CREATE TABLE orders."Two" (z INT); ${child}
      CREATE TABLE orders.keyed (z INT, a DATE, t TEXT) PARTITION BY RANGE (lower(t), a, z)`);
    const records = await read('orders', { ...ALL_OPTIONS, includeDDL: true });
    const [keyed, made] = ['keyed', 'child'].map((name) => records.find((each) => each.name === name));
    expect(made?.kind === 'table' ? made.definition : undefined).to.equal(child);
    const partition = keyed?.kind === 'table' ? keyed.partition : undefined;
    expect(partition?.columns.map(({ columnName }) => columnName)).to.deep.equal(['t', 'a', 'z']);
  });

  it('have collations in their DDL, and one without columns has none', async () => {
    const collated = `CREATE TABLE "sorted"."collated" (
  "a" text COLLATE pg_catalog."C" NOT NULL,
  "b" text,
  "c" name
);`;
    await server.query(`CREATE SCHEMA sorted; ${collated} CREATE TABLE sorted.bare ()`);
    const made = (await read('sorted', { ...ALL_OPTIONS, includeDDL: true })).map(
      (each) => each.kind === 'table' && each.definition
    );
    expect(made).to.deep.equal(['CREATE TABLE "sorted"."bare" ();', collated]);
  });

  it('come without the tag of a policy whose name OpenMetadata takes in no tag, and say so', async () => {
    await server.query(`CREATE SCHEMA policies; CREATE TABLE policies.rls (a INT); CREATE POLICY fine ON policies.rls;
      CREATE POLICY "p.odd ""x""" ON policies.rls; CREATE POLICY "a::b" ON policies.rls`);
    const [table] = await read('policies');
    expect(table)
      .to.have.property('tags')
      .that.deep.equals([{ classification: 'PostgresPolicyTags', tag: 'fine' }]);
    expect(table)
      .to.have.property('warnings')
      .that.deep.equals([
        'the tag of policy a::b is left out: its value is not allowed in OpenMetadata (it holds "::")',
        'the tag of policy p.odd "x" is left out: its value is not allowed in OpenMetadata (it holds a double quote)',
      ]);
  });

  it('have no tags when the recipe wants none', async () => {
    const records = await read('everything', { ...ALL_OPTIONS, includeTags: false });
    expect(records.find(({ name }) => name === 'secured')).to.not.have.property('tags');
  });

  it('are the same for a user without a single right on them', async () => {
    await server.query('CREATE SCHEMA closed; REVOKE ALL ON SCHEMA closed FROM PUBLIC; CREATE TABLE closed.t (a INT)');
    const names = (await read('closed')).map(({ name }) => name);
    expect(names).to.deep.equal(['t']);
  });

  it("come from the server's own schemas as well", async () => {
    const views = await read('information_schema');
    expect(views.some((record) => record.kind === 'table' && record.name === 'columns')).to.equal(true);
    const unknown = views.filter((record) => record.kind === 'table' && record.warnings !== undefined);
    expect(unknown).to.deep.equal([]);
  });

  it('come from all databases when the recipe says so; one that may not be connected to is a problem with its GRANT', async () => {
    await server.query('CREATE DATABASE "Shop one"');
    await server.query('CREATE TABLE goods (id INT PRIMARY KEY)', 'Shop one');
    await server.query('CREATE DATABASE secret');
    await server.query('REVOKE CONNECT ON DATABASE secret FROM PUBLIC');
    const source = await open({ ingestAllDatabases: true });
    const scopes = await collect(source.scopes(EVERYTHING));
    const databases = scopes.filter((scope) => !('schema' in scope) && scope.kind !== 'schema');
    expect(databases.map((scope) => [scope.kind, 'database' in scope ? scope.database : scope.name])).to.deep.equal([
      ['database', 'Shop one'],
      ['database', 'again'],
      ['database', 'postgres'],
      ['problem', 'secret'],
      ['unselected', 'template0'],
      ['database', 'template1'],
    ]);
    const problem = scopes.find((scope) => scope.kind === 'problem');
    expect(problem?.kind === 'problem' ? problem.message : '').to.include(
      'GRANT CONNECT ON DATABASE "secret" TO "ingest";'
    );
    const goods = await collect(source.read({ database: 'Shop one', schema: 'public' }, EVERYTHING, ALL_OPTIONS));
    expect(goods.map(({ name }) => name)).to.deep.equal(['goods']);
    expect(await source.scopesStillThere(undefined, ['Shop one', 'secret', 'gone'])).to.deep.equal([
      'Shop one',
      'secret',
    ]);
  });

  it('come from the one database of the recipe otherwise', async () => {
    const scopes = await collect((await open()).scopes(EVERYTHING));
    expect(scopes.filter(({ kind }) => kind === 'database')).to.have.length(1);
    const described = scopes.find((scope) => scope.kind === 'schema' && scope.name === 'everything');
    expect(described).to.include({ description: 'All that a schema may hold' });
  });
});
