import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  findSource,
  type MetadataOptions,
  type MetadataSource,
  type SourceRecord,
} from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

/**
 * Exact records of test/data/mysql/*.sql. After a change that is meant, write them anew and read the difference:
 *
 *     UPDATE_GOLDEN=1 npx mocha dist/test/integration/sources/mysql-records.test.js && git diff test/data/mysql
 */
describe('Records of a MariaDB schema', () => {
  let server: TestMariadb;
  let source: MetadataSource;
  let warnings: string[];

  before(async () => {
    server = await startMariadb();
    for (const file of ['everything', 'names']) await server.run(readFileSync(`test/data/mysql/${file}.sql`, 'utf8'));
    await server.run(`GRANT SELECT ON mysql.proc TO '${server.user}'@'%'`);
    warnings = [];
    source = await findSource('mysql').openMetadata(
      { username: server.user, authType: { password: server.password }, hostPort: server.hostPort },
      { ...countingContext(), onWarning: (message) => warnings.push(message) }
    );
  });
  after(async () => {
    await server.stop();
    await source.close();
  });

  async function read(schema: string, options: MetadataOptions = ALL_OPTIONS): Promise<SourceRecord[]> {
    return collect(source.read({ database: 'default', schema }, EVERYTHING, options));
  }

  async function readNamed(schema: string, name: string, options?: MetadataOptions): Promise<SourceRecord | undefined> {
    return (await read(schema, options)).find((record) => record.name === name);
  }

  it('are exactly those of the golden file, every type, key, comment, partition, view and routine', async () => {
    expectGolden('everything.records.json', await read('everything'));
  });

  it('keep names with dots, blanks, quotes, backquotes, other scripts, 64 characters and different case apart', async () => {
    expectGolden('names.records.json', await read('names.of "all" `kinds`'));
    expect(await read('Names.Of "all" `kinds`')).to.have.length(1);
  });

  it('have the view text that SHOW CREATE VIEW prints', async () => {
    for (const name of ['newest', 'checked`view', 'across', 'with_emoji']) {
      const view = await readNamed('everything', name);
      await server.run('USE mysql');
      const [shown] = await server.query(`SHOW CREATE VIEW everything.\`${name.replaceAll('`', '``')}\``);
      expect(view, name).to.have.property('definition', shown?.['Create View']);
    }
  });

  it('have the DDL of tables only when the recipe asks for it', async () => {
    expect(await readNamed('everything', 'numbers')).to.not.have.property('definition');
    const withDdl = await readNamed('everything', 'numbers', { ...ALL_OPTIONS, includeDDL: true });
    expect(withDdl)
      .to.have.property('definition')
      .that.matches(/^CREATE TABLE `numbers` \(/);
  });

  it('say that a view over a dropped table is broken, and leave it at that', async () => {
    const broken = await readNamed('everything', 'broken');
    expect(broken).to.include({ kind: 'problem', entity: 'table' });
    expect(broken).to.have.property('message').that.includes('broken');
  });

  it('leave out sequences', async () => {
    expect(await readNamed('everything', 'counter')).to.equal(undefined);
  });

  it('are one with both bodies for a procedure and a function with one name', async () => {
    const [archive, ...more] = (await read('everything')).filter((record) => record.name === 'archive');
    expect(more).to.deep.equal([]);
    expect(archive).to.include({ kind: 'procedure', procedureType: 'StoredProcedure' });
    expect(archive)
      .to.have.property('code')
      .that.matches(/^-- PROCEDURE archive\n[^]+\n\n-- FUNCTION archive\n[^]+/);
  });

  it("come from the server's own schemas as well", async () => {
    const views = await read('information_schema');
    expect(views.every((record) => record.kind === 'table' && record.tableType === 'View')).to.equal(true);
    expect((await read('mysql')).some((record) => record.name === 'user')).to.equal(true);
  });

  it('have the comment of the schema in its scope', async () => {
    const scopes = await collect(source.scopes(EVERYTHING));
    const described = scopes.filter((scope) => scope.kind === 'schema' && scope.description !== undefined);
    expect(described).to.have.length(1);
    expect(described[0]).to.include({ name: 'everything', description: 'All that a schema may hold' });
  });
});

function expectGolden(file: string, records: readonly SourceRecord[]): void {
  const path = `test/data/mysql/${file}`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${JSON.stringify(records, null, 2)}\n`);
  if (!existsSync(path)) throw new Error(`${path} is missing; see the head of this file`);
  expect(records).to.deep.equal(JSON.parse(readFileSync(path, 'utf8')));
}
