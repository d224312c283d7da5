import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { findSource, type MetadataOptions, type SourceRecord } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const SCHEMA = `
CREATE TABLE Parent ( -- What others refer to
  id INTEGER PRIMARY KEY, -- Given by SQLite
  code VARCHAR(8) NOT NULL UNIQUE,
  price DECIMAL(10, 2),
  doubled DECIMAL(10, 2) GENERATED ALWAYS AS (price * 2) STORED,
  shouted TEXT AS (upper(code))
);
CREATE UNIQUE INDEX partly ON Parent (price) WHERE price > 0;
CREATE UNIQUE INDEX by_expression ON Parent (lower(code));
CREATE TABLE child (
  a INT, b, parent INT REFERENCES PARENT ON DELETE CASCADE, code VARCHAR(8) REFERENCES Parent (code), lost INT REFERENCES nowhere,
  PRIMARY KEY (b, a)
) WITHOUT ROWID;
CREATE VIEW cheap AS /* Under ten */ SELECT id, price FROM Parent WHERE price < 10;
CREATE TABLE gone (x INT);
CREATE VIEW broken AS SELECT x FROM gone;
DROP TABLE gone;
CREATE VIRTUAL TABLE search USING fts5 (body);`;

describe('Records of a SQLite file', () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'om-test-sqlite-'));
    file = join(folder, 'with # and ? in it.db');
    write(file, SCHEMA);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function read(databaseMode: string, options: MetadataOptions = ALL_OPTIONS): Promise<SourceRecord[]> {
    const source = await findSource('sqlite').openMetadata({ databaseMode }, countingContext());
    try {
      return await collect(source.read({ database: 'default', schema: 'main' }, EVERYTHING, options));
    } finally {
      await source.close();
    }
  }

  async function failure(databaseMode: string): Promise<unknown> {
    return read(databaseMode).then(
      () => undefined,
      (error: unknown) => error
    );
  }

  it('have columns, keys, references, generated columns and the comments of the CREATE statement', async () => {
    const [parent] = await read(file);
    expect(parent).to.deep.equal({
      kind: 'table',
      name: 'Parent',
      tableType: 'Regular',
      description: 'What others refer to',
      columns: [
        {
          name: 'id',
          dataType: 'INT',
          dataTypeDisplay: 'integer',
          dataLength: 1,
          description: 'Given by SQLite',
          nullable: false,
        },
        { name: 'code', dataType: 'VARCHAR', dataTypeDisplay: 'varchar(8)', dataLength: 8, nullable: false },
        decimal('price'),
        decimal('doubled'),
        { name: 'shouted', dataType: 'TEXT', dataTypeDisplay: 'text', dataLength: 1, nullable: true },
      ],
      primaryKey: ['id'],
      // Partial indexes and those over expressions are no keys of columns.
      uniqueKeys: [['code']],
    });
  });

  it("spell a referred table as its own definition does, know an implied primary key, and leave out what isn't there", async () => {
    const child = (await read(file)).find((record) => record.name === 'child');
    expect(child).to.have.deep.property('primaryKey', ['b', 'a']);
    expect(child).to.have.deep.property('foreignKeys', [
      { columns: ['parent'], referred: { schema: 'main', table: 'Parent', columns: ['id'], columnCase: 'ascii' } },
      { columns: ['code'], referred: { schema: 'main', table: 'Parent', columns: ['code'], columnCase: 'ascii' } },
    ]);
  });

  it('are a problem for a broken view, and the others are read all the same', async () => {
    const records = await read(file);
    expect(records.map((record) => record.name)).to.deep.equal(['Parent', 'broken', 'cheap', 'child', 'search']);
    expect(records[1])
      .to.include({ kind: 'problem', entity: 'table' })
      .and.has.property('message')
      .that.includes('gone');
    expect(records[2]).to.include({ tableType: 'View', description: 'Under ten' });
  });

  it("leave out SQLite's own tables and the inner ones of a virtual table, and its hidden columns", async () => {
    const search = (await read(file)).find((record) => record.name === 'search');
    expect(search).to.have.property('columns').that.has.length(1);
  });

  it('have the DDL of tables when the recipe asks for it, and of views always', async () => {
    const withDdl = await read(file, { ...ALL_OPTIONS, includeDDL: true });
    expect(withDdl[0])
      .to.have.property('definition')
      .that.matches(/^CREATE TABLE Parent \( -- What others refer to/);
    const [parent, , cheap] = await read(file);
    expect(parent).to.not.have.property('definition');
    expect(cheap)
      .to.have.property('definition')
      .that.matches(/^CREATE VIEW cheap AS/);
  });

  it('are found by a path from the working folder, and nothing is left beside the file', async () => {
    expect(await read(relative(process.cwd(), file))).to.have.length(5);
    expect(readdirSync(folder)).to.deep.equal(['with # and ? in it.db']);
  });

  it('come in pages of any number of tables, complete and in order', async () => {
    const many = join(folder, 'many.db');
    write(
      many,
      Array.from({ length: 450 }, (_, index) => `CREATE TABLE t${String(index).padStart(3, '0')} (id INT);`).join('')
    );
    const names = (await read(many)).map((record) => record.name);
    rmSync(many);
    expect(names).to.have.length(450);
    expect(names).to.deep.equal([...names].sort());
  });

  it('are refused clearly for a file that is missing, a folder, and something else than a database', async () => {
    const other = join(folder, 'other.db');
    writeFileSync(other, 'This is a text and no database, although it is long enough to have a header. '.repeat(20));
    const cases = [
      ['no/such.db', "doesn't exist on this worker"],
      [folder, 'is a folder'],
      [other, 'is not a SQLite database'],
    ] as const;
    for (const [path, says] of cases) {
      const error = await failure(path);
      expect(error, path).to.be.instanceOf(PermanentError);
      expect(error instanceof PermanentError ? error.message : '').to.include(says);
      expect(error, path).to.have.property('remedy').that.is.a('string');
    }
    rmSync(other);
  });

  it('are read where the schema holds bytes that are not UTF-8; tables and columns of such names are problems', async () => {
    const odd = join(folder, 'latin.db');
    write(
      odd,
      `CREATE TABLE told (a INT -- kept ~
      , b TEXT DEFAULT '~'); CREATE TABLE "t~" (a INT); CREATE TABLE wide (a INT, "c~" INT); CREATE TABLE zoo (a "INT~");
      CREATE TABLE child (a INT REFERENCES "t~" ("b~"), UNIQUE (a)); CREATE TABLE plain (a INT)`
    );
    writeFileSync(odd, Buffer.from(readFileSync(odd).toString('latin1').replaceAll('~', '\xE9'), 'latin1'));
    const records = await read(odd);
    const problems = records.filter(({ kind }) => kind === 'problem');
    expect(problems.map((each) => 'name' in each && each.name)).to.deep.equal(['t\uFFFD', 'wide']);
    expect(problems)
      .to.have.nested.property('[0].message')
      .that.matches(/name is not UTF-8/);
    expect(problems)
      .to.have.nested.property('[1].message')
      .that.matches(/column c\uFFFD is not UTF-8/);
    const tables = records.filter(({ kind }) => kind === 'table');
    expect(tables.map((each) => 'name' in each && each.name)).to.deep.equal(['child', 'plain', 'told', 'zoo']);
    expect(tables).to.have.nested.property('[2].columns[0].description', 'kept \uFFFD');
  });

  it('wait for a writer, and say so when it takes too long', async () => {
    const locked = join(folder, 'locked.db');
    write(locked, 'CREATE TABLE t (id INT)');
    const writer = new Database(locked);
    writer.exec('BEGIN EXCLUSIVE');
    try {
      expect(await failure(locked)).to.be.instanceOf(TransientError);
    } finally {
      writer.exec('COMMIT');
      writer.close();
    }
    expect(await read(locked)).to.have.length(1);
    rmSync(locked);
  });
});

function decimal(name: string): unknown {
  return {
    name,
    dataType: 'DECIMAL',
    dataTypeDisplay: 'decimal(10,2)',
    dataLength: 1,
    precision: 10,
    scale: 2,
    nullable: true,
  };
}

function write(file: string, sql: string): void {
  // The library takes a path with `?` for one with options.
  const database = new Database(`file:${file.split('/').map(encodeURIComponent).join('/')}`);
  database.exec(sql);
  database.close();
}
