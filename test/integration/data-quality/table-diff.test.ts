import { expect } from 'chai';
import type { ResultLine } from '../../../src/data-quality/staged-lines.js';
import { DiffLab, tableOf, type Comparison } from './diff-lab.js';
import { ENGINES, type Engine } from './engines.js';

const COLUMNS = [
  { name: 'id', dataType: 'INT', constraint: 'PRIMARY_KEY' },
  { name: 'code', dataType: 'VARCHAR' },
  { name: 'name', dataType: 'VARCHAR' },
  { name: 'price', dataType: 'DECIMAL' },
  { name: 'at', dataType: 'DATETIME' },
];
const TYPES = ['INTEGER', 'VARCHAR(20)', 'VARCHAR(50)', 'DECIMAL(10,2)', 'DATETIME'];
const ROWS = 3_000;

/**
 * The same tables everywhere, and a copy with seven differences: two removed, two added, three changed (a value, a
 * case, a NULL).
 */
async function fill(engine: Engine): Promise<void> {
  const { dialect } = engine.source;
  const columns = COLUMNS.map(({ name }, at) => `${dialect.quote(name)} ${TYPES[at] ?? ''}`);
  const rows = Array.from({ length: ROWS }, (_, id) =>
    id % 7 === 0
      ? `(${id}, 'c-${id}', NULL, ${id}.50, NULL)`
      : `(${id}, 'c-${id}', 'Näme ${id}', ${id / 4}, '2026-11-${String((id % 28) + 1).padStart(2, '0')} 10:00:00')`
  );
  for (const table of ['original', 'copy']) {
    const path = dialect.tablePath(engine.ref(table));
    await engine.run(`CREATE TABLE ${path} (${columns.join(', ')}, PRIMARY KEY (${dialect.quote('id')}))`);
    await engine.run(`INSERT INTO ${path} VALUES ${rows.join(', ')}`);
  }
  const copy = dialect.tablePath(engine.ref('copy'));
  const [id, name, price] = ['id', 'name', 'price'].map((each) => dialect.quote(each));
  await engine.run(`DELETE FROM ${copy} WHERE ${id} IN (5, 2999)`);
  await engine.run(`INSERT INTO ${copy} VALUES (-1, 'c--1', 'new', 1, NULL), (3001, 'c-3001', 'newer', 2, NULL)`);
  await engine.run(`UPDATE ${copy} SET ${price} = ${price} + 0.01 WHERE ${id} = 10`);
  await engine.run(`UPDATE ${copy} SET ${name} = 'NÄME 11' WHERE ${id} = 11`);
  await engine.run(`UPDATE ${copy} SET ${name} = NULL WHERE ${id} = 12`);
}

const SCHEMAS = {
  maria: 'default.shop',
  maria2: 'default.shop',
  lite: 'default.main',
  snow: 'SHOP.RAW',
  pg: 'postgres.shop',
} as const;
type Service = keyof typeof SCHEMAS;

const PAIRS: readonly [what: string, one: Service, other: Service][] = [
  ['two tables of one MariaDB', 'maria', 'maria'],
  ['two tables of one SQLite file', 'lite', 'lite'],
  ['two tables of one Snowflake account', 'snow', 'snow'],
  ['two services of MariaDB', 'maria', 'maria2'],
  ['MariaDB and SQLite', 'maria', 'lite'],
  ['SQLite and MariaDB', 'lite', 'maria'],
  ['MariaDB and Snowflake', 'maria', 'snow'],
  ['Snowflake and SQLite', 'snow', 'lite'],
  ['two tables of one PostgreSQL', 'pg', 'pg'],
  ['MariaDB and PostgreSQL', 'maria', 'pg'],
  ['PostgreSQL and Snowflake', 'pg', 'snow'],
];

describe('tableDiff', () => {
  let engines: Engine[] = [];
  let lab: DiffLab;

  before(async function () {
    if (!ENGINES.mariadb.available() || !ENGINES.postgres.available()) this.skip();
    this.timeout(180_000);
    const { mariadb, sqlite, snowflake, postgres } = ENGINES;
    engines = await Promise.all([mariadb, sqlite, snowflake, postgres].map((kind) => kind.start()));
    for (const engine of engines) await fill(engine);
    const [maria, lite, snow, pg] = engines;
    if (maria === undefined || lite === undefined || snow === undefined || pg === undefined)
      throw new Error('engines are missing');
    lab = await DiffLab.open({ maria, maria2: maria, lite, snow, pg, pg2: pg });
  });
  after(async () => {
    await lab?.close();
    for (const engine of engines) await engine.stop();
  });

  const compare = (
    one: Service,
    other: Service,
    parameters: Record<string, string> = {},
    { columns = COLUMNS, table = 'copy', ...more }: Partial<Comparison> & { columns?: object[]; table?: string } = {}
  ): Promise<ResultLine['result']> =>
    lab.compare({
      one: tableOf(`${one}.${SCHEMAS[one]}.original`, columns),
      other: tableOf(`${other}.${SCHEMAS[other]}.${table}`, columns),
      parameters,
      ...more,
    });
  const found = ({ testResultValue }: ResultLine['result']): (string | undefined)[] =>
    testResultValue.map(({ value }) => value);

  for (const [what, one, other] of PAIRS) {
    it(`finds the seven differences between ${what}`, async () => {
      const result = await compare(one, other);
      expect(result.testCaseStatus, result.result).to.equal('Failed');
      expect(result.testResultValue).to.deep.equal([
        { name: 'removedRows', value: '2' },
        { name: 'addedRows', value: '2' },
        { name: 'changedRows', value: '3' },
        { name: 'diffCount', value: '7' },
      ]);
      expect([result.result, result.failedRows, result.passedRows]).to.deep.equal([
        'Found 7 different rows which is more than the threshold of 0',
        7,
        ROWS + 2 - 7,
      ]);
    });

    it(`finds none between a table and its equal of ${what}`, async () => {
      const result = await compare(one, other, {}, { table: 'original' });
      expect([result.testCaseStatus, result.failedRows], result.result).to.deep.equal(['Success', 0]);
    });

    if (one !== other)
      it(`finds them by a key that is a text, or several columns, between ${what}`, async () => {
        expect(found(await compare(one, other, { keyColumns: '["code"]' }))).to.deep.equal(['2', '2', '3', '7']);
        const both = await compare(one, other, { keyColumns: '["id", "code"]' });
        expect(found(both)).to.deep.equal(['2', '2', '3', '7']);
      });
  }

  it('compares part by part, and an attempt that is killed after any of them counts none twice', async () => {
    const before = { ...lab.fetched };
    const whole = await compare('maria', 'lite', {}, { partRows: 500 });
    expect(found(whole)).to.deep.equal(['2', '2', '3', '7']);
    const needed = lab.fetched.statements - before.statements;
    for (const killedBehind of [[1], [3], [5], [1, 1, 1, 1]]) {
      const killed = await compare('maria', 'lite', {}, { partRows: 500, killedBehind });
      expect(killed, `killed behind ${killedBehind.join(', ')}`).to.deep.equal(whole);
    }
    const again = lab.fetched.statements - before.statements - needed;
    // Parts that are staged are not read again: four comparisons cost about four times as much, not more.
    expect(again).to.be.at.most(4 * needed);
  });

  it('fetches few rows but for sums', async () => {
    const before = { ...lab.fetched };
    await compare('maria', 'maria2');
    expect(lab.fetched.rows - before.rows).to.be.below(60);
    expect(lab.fetched.sums - before.sums).to.be.below(ROWS * 2);
  });

  it('cuts keys that stand close together, with one far away, until few are left', async () => {
    const [maria] = engines;
    for (const table of ['close', 'close2']) {
      await maria?.run(`CREATE TABLE shop.${table} (id BIGINT UNSIGNED PRIMARY KEY, n INT)`);
      await maria?.run(`USE shop; INSERT INTO shop.${table} SELECT seq, seq FROM seq_1_to_40000`);
      await maria?.run(`INSERT INTO shop.${table} VALUES (18446744073709551615, 1)`);
    }
    await maria?.run('UPDATE shop.close2 SET n = 0 WHERE id IN (7, 18446744073709551615)');
    const columns = [
      { name: 'id', dataType: 'BIGINT', constraint: 'PRIMARY_KEY' },
      { name: 'n', dataType: 'INT' },
    ];
    const before = { ...lab.fetched };
    const result = await lab.compare({
      one: tableOf('maria.default.shop.close', columns),
      other: tableOf('maria2.default.shop.close2', columns),
    });
    expect(found(result), result.result).to.deep.equal(['0', '0', '2', '2']);
    expect(lab.fetched.rows - before.rows).to.be.below(1_050);
  });

  it('passes below its threshold, not on it', async () => {
    expect((await compare('maria', 'maria2', { threshold: '8' })).testCaseStatus).to.equal('Success');
    expect((await compare('maria', 'maria2', { threshold: '7' })).testCaseStatus).to.equal('Failed');
  });

  it('compares what useColumns and where leave', async () => {
    const where = { useColumns: '["price"]', where: 'id BETWEEN 0 AND 2000' };
    expect(found(await compare('maria', 'lite', where))).to.deep.equal(['1', '0', '1', '2']);
    const commented = await compare('lite', 'lite', { ...where, where: `${where.where} -- the first ones` });
    expect(found(commented), commented.result).to.deep.equal(['1', '0', '1', '2']);
    const outside = await compare('lite', 'lite', { where: 'id < 100) OR (1 = 1' });
    expect([outside.testCaseStatus, outside.result].join(' ')).to.match(/^Aborted .*parameter where has brackets/);
  });

  it('reads the other table itself when the first one is profiled by a query', async () => {
    const one = {
      ...tableOf('lite.default.main.original', COLUMNS),
      tableProfilerConfig: { profileQuery: 'SELECT * FROM original' },
    };
    const other = tableOf('lite.default.main.copy', COLUMNS);
    expect(found(await lab.compare({ one, other }))).to.deep.equal(['2', '2', '3', '7']);
  });

  it('matches citext keys without their case, in one PostgreSQL and across services', async () => {
    const [, , , pg] = engines;
    const make = (table: string, rows: string): string =>
      `CREATE TABLE shop.${table} (k CITEXT PRIMARY KEY, name VARCHAR(9)); INSERT INTO shop.${table} VALUES ${rows};`;
    await pg?.run(`CREATE EXTENSION IF NOT EXISTS citext; ${make('cased', "('A', 'x'), ('b', 'x'), ('C', 'x'), ('Dx', 'x')")}
      ${make('uncased', "('a', 'x'), ('B', 'x'), ('c', 'X'), ('Ex', 'x')")}`);
    const citext = [
      { name: 'k', dataType: 'TEXT', dataTypeDisplay: 'citext', constraint: 'PRIMARY_KEY' },
      { name: 'name', dataType: 'VARCHAR' },
    ];
    for (const service of ['pg', 'pg2']) {
      const comparison = {
        one: tableOf('pg.postgres.shop.cased', citext),
        other: tableOf(`${service}.postgres.shop.uncased`, citext),
      };
      expect(found(await lab.compare(comparison)), service).to.deep.equal(['1', '1', '1', '3']);
    }
  });

  it('matches keys of a domain over citext without their case, where both tables have such, and no others', async () => {
    const [, , , pg] = engines;
    await pg?.run(`CREATE EXTENSION IF NOT EXISTS citext; CREATE DOMAIN lower AS citext; CREATE DOMAIN folded AS lower;
      CREATE DOMAIN plain AS text; CREATE TABLE shop.folded1 (k folded PRIMARY KEY); CREATE TABLE shop.folded2 (k lower PRIMARY KEY);
      CREATE TABLE shop.plain1 (k plain PRIMARY KEY); INSERT INTO shop.folded1 VALUES ('A'), ('b'), ('C');
      INSERT INTO shop.folded2 VALUES ('a'), ('B'), ('d'); INSERT INTO shop.plain1 VALUES ('a'), ('b'), ('d');
      CREATE SCHEMA fake; CREATE DOMAIN fake.citext AS text; CREATE TABLE shop.fake1 (k fake.citext PRIMARY KEY); INSERT INTO shop.fake1 VALUES ('A'), ('a'), ('B')`);
    const keyed = (table: string, dataTypeDisplay: string): Comparison['one'] =>
      tableOf(table, [{ name: 'k', dataType: 'TEXT', dataTypeDisplay, constraint: 'PRIMARY_KEY' }]);
    for (const service of ['pg', 'pg2']) {
      const one = keyed('pg.postgres.shop.folded1', 'folded');
      const both = { one, other: keyed(`${service}.postgres.shop.folded2`, 'lower') };
      expect(found(await lab.compare(both)), service).to.deep.equal(['1', '1', '0', '2']);
      const mixed = { one, other: keyed(`${service}.postgres.shop.plain1`, 'plain') };
      expect(found(await lab.compare(mixed)), service).to.deep.equal(['2', '2', '0', '4']);
      const named = keyed('pg.postgres.shop.fake1', 'citext');
      const fake = { one: named, other: { ...named, ...keyed(`${service}.postgres.shop.fake1`, 'citext') } };
      expect(found(await lab.compare(fake)), service).to.deep.equal(['0', '0', '0', '0']);
    }
  });

  it('tells of either table of which policies decide the rows', async () => {
    const [, , , pg] = engines;
    await pg?.run(`CREATE TABLE shop.seen (k INT PRIMARY KEY); CREATE TABLE shop.policed (k INT PRIMARY KEY); INSERT INTO shop.seen VALUES (1), (2);
      INSERT INTO shop.policed VALUES (1), (2); ALTER TABLE shop.policed ENABLE ROW LEVEL SECURITY; CREATE POLICY one ON shop.policed USING (k = 1)`);
    const keyed = (table: string): Comparison['one'] =>
      tableOf(table, [{ name: 'k', dataType: 'INT', constraint: 'PRIMARY_KEY' }]);
    for (const service of ['pg', 'pg2'])
      for (const [one, other] of [
        ['pg.postgres.shop.policed', `${service}.postgres.shop.seen`],
        ['pg.postgres.shop.seen', `${service}.postgres.shop.policed`],
      ] as const) {
        const before = lab.notes.length;
        expect(found(await lab.compare({ one: keyed(one), other: keyed(other) })).at(-1)).to.equal('1');
        const hidden = lab.notes.slice(before).filter((note) => note.startsWith('Row-level security is on for'));
        expect(hidden.join()).to.match(/^\S+ \S+ is on for pg2?\.postgres\.shop\.policed: /);
      }
  });

  it('compares columns of types that only one engine writes so, in one database and across services of one engine', async () => {
    const [maria, lite, , pg] = engines;
    const types = {
      money: 'MONEY',
      bit: 'BIT',
      interval: 'INTERVAL',
      json: 'JSON',
      jsonb: 'JSON',
      'integer[]': 'ARRAY',
      int4range: 'TUPLE',
      inet: 'INET',
      time: 'TIME',
    };
    const values = `'$1.50', '1', '1 day', '{"a": 1}', '{"a": 1}', '{1,2}', '[1,5)', '10.0.0.1', '10:00:00'`;
    const made = Object.keys(types).map((type, at) => `c${at} ${type}`);
    for (const table of ['typed', 'typed2'])
      await pg?.run(`CREATE TABLE shop.${table} (k MONEY PRIMARY KEY, ${made.join(', ')});
        INSERT INTO shop.${table} VALUES (-1.00, ${values}), (20000.00, ${values}), (3.00, ${values})`);
    await pg?.run(
      `UPDATE shop.typed2 SET c0 = 2 WHERE k = (-1)::money; UPDATE shop.typed2 SET c3 = '{}' WHERE k = 3::money`
    );
    const columns = [
      { name: 'k', dataType: 'MONEY', constraint: 'PRIMARY_KEY' },
      ...Object.values(types).map((dataType, at) => ({ name: `c${at}`, dataType })),
    ];
    const typed = (service: string, table: string, own: object[] = columns): Comparison['one'] => ({
      ...tableOf(`${service}.${table}`, own),
      serviceType: service.startsWith('pg') ? 'Postgres' : 'Mysql',
    });
    for (const service of ['pg', 'pg2']) {
      const one = typed('pg', 'postgres.shop.typed');
      const same = await lab.compare({ one, other: typed(service, 'postgres.shop.typed') });
      expect([same.testCaseStatus, ...found(same)], same.result).to.deep.equal(['Success', '0', '0', '0', '0']);
      const changed = await lab.compare({ one, other: typed(service, 'postgres.shop.typed2') });
      expect(found(changed), changed.result).to.deep.equal(['0', '0', '2', '2']);
      const keyed = { one, other: typed(service, 'postgres.shop.typed2'), parameters: { keyColumns: '["k", "c3"]' } };
      expect(found(await lab.compare(keyed)), service).to.deep.equal(['1', '1', '1', '3']);
    }
    for (const path of ['maria.default.shop', 'lite.default.main']) {
      const engine = path.startsWith('maria') ? maria : lite;
      const table = path.startsWith('maria') ? 'shop.typed' : 'typed';
      await engine?.run(`CREATE TABLE ${table} (k DECIMAL(9, 2) PRIMARY KEY, c3 JSON, c8 TIME)`);
      await engine?.run(`INSERT INTO ${table} VALUES (-1, '{}', '10:00:00'), (20000, NULL, NULL), (3, '{}', NULL)`);
    }
    const few = columns.filter(({ name }) => ['k', 'c3', 'c8'].includes(name));
    const decimal = few.map((column) => (column.name === 'k' ? { ...column, dataType: 'DECIMAL' } : column));
    for (const [service, other] of [
      ['maria', 'maria2'],
      ['maria', 'maria'],
      ['lite', 'lite'],
    ] as const) {
      const path = service === 'lite' ? 'default.main.typed' : 'default.shop.typed';
      const same = await lab.compare({ one: typed(service, path, decimal), other: typed(other, path, decimal) });
      expect([same.testCaseStatus, ...found(same)], same.result).to.deep.equal(['Success', '0', '0', '0', '0']);
    }
    const across = {
      one: typed('pg', 'postgres.shop.typed', few),
      other: typed('maria', 'default.shop.typed', decimal),
    };
    expect((await lab.compare(across)).result).to.match(
      /^Found 0 different rows .* threshold of 0\. Not compared, as engines write their values differently: c3, c8\.$/
    );
    const key = await lab.compare({ ...across, parameters: { keyColumns: '["c8"]' } });
    expect([key.testCaseStatus, key.result].join(' ')).to.match(/^Aborted .*the key column c8 is of type TIME, whose/);
  });

  it('names the table whose key is not unique, be it the one or the other', async () => {
    const [maria, lite] = engines;
    for (const engine of [maria, lite])
      for (const [table, keys] of [
        ['once', '(1), (2)'],
        ['twice', '(1), (1)'],
      ] as const) {
        const path = engine?.source.dialect.tablePath(engine.ref(table)) ?? '';
        await engine?.run(`CREATE TABLE ${path} (k INTEGER)`);
        await engine?.run(`INSERT INTO ${path} VALUES ${keys}`);
      }
    const columns = [{ name: 'k', dataType: 'INT' }];
    const of = (service: Service, table: string) => tableOf(`${service}.${SCHEMAS[service]}.${table}`, columns);
    const parameters = { keyColumns: '["k"]' };
    for (const [service1, service2] of [['lite', 'lite'] as const, ['maria', 'lite'] as const])
      for (const [one, other] of [
        [of(service1, 'once'), of(service2, 'twice')] as const,
        [of(service1, 'twice'), of(service2, 'once')] as const,
      ]) {
        const { result } = await lab.compare({ one, other, parameters });
        const twice = [one, other].find(({ name }) => name === 'twice')?.fullyQualifiedName;
        expect(result).to.contain(`the key k of ${twice} is not unique: 1 occurs twice.`);
      }
  });

  it('tells keys apart byte by byte, whatever their collation: none of these is there twice', async () => {
    const [maria] = engines;
    for (const [table, keys] of [
      ['cases1', "('AB', 1), ('ab', 1)"],
      ['cases2', "('AB', 1), ('ab', 2), ('Ab', 3), ('AB ', 4)"],
      ['cases3', "('AB', 1), ('AB', 2)"],
    ] as const) {
      const path = maria?.source.dialect.tablePath(maria.ref(table)) ?? '';
      await maria?.run(`CREATE TABLE ${path} (k VARCHAR(9) COLLATE utf8mb4_general_ci, v INT)`);
      await maria?.run(`INSERT INTO ${path} VALUES ${keys}`);
    }
    const columns = [
      { name: 'k', dataType: 'VARCHAR' },
      { name: 'v', dataType: 'INT' },
    ];
    const of = (service: Service, table: string) => tableOf(`${service}.${SCHEMAS[service]}.${table}`, columns);
    for (const service of ['maria', 'maria2'] as const) {
      const found = (other: string) =>
        lab.compare({ one: of('maria', 'cases1'), other: of(service, other), parameters: { keyColumns: '["k"]' } });
      const { testResultValue, result } = await found('cases2');
      expect(testResultValue, result).to.deep.include.members([
        { name: 'removedRows', value: '0' },
        { name: 'addedRows', value: '2' },
        { name: 'changedRows', value: '1' },
      ]);
      expect((await found('cases3')).result).to.contain('cases3 is not unique: AB occurs twice.');
    }
  });

  it('takes texts of two character sets for equal in one MariaDB, and bytes as they are', async () => {
    const [maria] = engines;
    for (const [table, charset, last] of [
      ['narrow', 'latin1', 'C3A9'],
      ['wide', 'utf8mb4', 'E9'],
    ] as const) {
      const path = maria?.source.dialect.tablePath(maria.ref(table)) ?? '';
      await maria?.run(
        `CREATE TABLE ${path} (k VARCHAR(9) PRIMARY KEY, v TEXT, e ENUM('ä', 'ö'), s SET('ä', 'ö'), b VARBINARY(9)) CHARACTER SET ${charset}`
      );
      await maria?.run(
        `INSERT INTO ${path} VALUES ('né', 'é', 'ö', 'ä,ö', x'E9'), ('Zürich', '€', NULL, 'ä', x'C3A9'), ('a', 'a', 'ä', '', x'${last}')`
      );
    }
    const columns = [
      { name: 'k', dataType: 'VARCHAR', constraint: 'PRIMARY_KEY' },
      { name: 'v', dataType: 'TEXT' },
      { name: 'e', dataType: 'ENUM' },
      { name: 's', dataType: 'SET' },
      { name: 'b', dataType: 'VARBINARY' },
    ];
    const one = tableOf(`maria.${SCHEMAS.maria}.narrow`, columns);
    const result = await lab.compare({ one, other: tableOf(`maria.${SCHEMAS.maria}.wide`, columns) });
    expect(found(result), result.result).to.deep.equal(['0', '0', '1', '1']);
  });

  it('is Aborted, with the reason, without a key, with a key that is not unique, and for a statement as where', async () => {
    const keyless = COLUMNS.map(({ name, dataType }) => ({ name, dataType }));
    const noKey = await compare('maria', 'lite', {}, { columns: keyless });
    expect([noKey.testCaseStatus, noKey.result].join(' ')).to.match(/^Aborted .*keyColumns/);
    const repeated = await compare('maria', 'lite', { keyColumns: '["at"]' });
    expect([repeated.testCaseStatus, repeated.result].join(' ')).to.match(/^Aborted .*the key at of .* is not unique/);
    const hostile = await compare('maria', 'lite', { where: '1=1); DROP TABLE original; --' });
    expect([hostile.testCaseStatus, hostile.result].join(' ')).to.match(
      /^Aborted .*parameter where holds more than one statement/
    );
    for (const engine of engines)
      expect(
        Number(await engine.scalar(`SELECT COUNT(*) FROM ${engine.source.dialect.tablePath(engine.ref('original'))}`))
      ).to.equal(ROWS);
  });
});
