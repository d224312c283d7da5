/**
 * `npm run bench:table-diff [-- --json] [-- --rows 5000000] [-- --emulated 100000]`: tableDiff of a table between two
 * MariaDB servers, and of a smaller one between MariaDB and the Snowflake emulator, seven differences in each; ends
 * with 1 unless all are found.
 *
 * `fetched` are rows that statements other than the sums of hashes brought, as a share of the rows of both tables.
 * Memory is this process's, which compares: its peaks in the first and in the second half of the time, with a worker's
 * setting of the garbage collector.
 */
import { parseArgs } from 'node:util';
import { DiffLab, tableOf } from '../test/integration/data-quality/diff-lab.js';
import { collectSooner } from '../src/worker/heap-growth.js';
import { ENGINES, type Engine } from '../test/integration/data-quality/engines.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '5000000' },
    emulated: { type: 'string', default: '100000' },
  },
});

const COLUMNS = [
  { name: 'id', dataType: 'INT', constraint: 'PRIMARY_KEY' },
  { name: 'name', dataType: 'VARCHAR' },
  { name: 'price', dataType: 'DECIMAL' },
  { name: 'at', dataType: 'DATETIME' },
];
const TYPES = ['INTEGER PRIMARY KEY', 'VARCHAR(40)', 'DECIMAL(10,2)', 'DATETIME'];
const EXPECTED = '2 removed, 2 added, 3 changed';
/** Rows of one INSERT. */
const BATCH = 1_000_000;

interface BenchLine {
  readonly what: string;
  readonly rows: number;
  readonly found: string;
  readonly seconds: number;
  readonly statements: number;
  readonly sums: number;
  readonly fetched: number;
  readonly fetchedPercent: number;
  readonly firstHalfRssMiB: number;
  readonly secondHalfRssMiB: number;
}

collectSooner();
const servers: Engine[] = [];
try {
  const [one, other] = [await started(ENGINES.mariadb.start()), await started(ENGINES.mariadb.start())];
  const big = Number(values.rows);
  await fillMariadb(one, big);
  await fillMariadb(other, big);
  await plant(other, big);
  const lines = [await bench('MariaDB and MariaDB', one, other, big)];
  const snow = await started(ENGINES.snowflake.start());
  const small = Number(values.emulated);
  await one.run('DROP TABLE shop.t');
  await fillMariadb(one, small);
  await fillSnowflake(snow, small);
  await plant(snow, small);
  lines.push(await bench('MariaDB and the Snowflake emulator', one, snow, small));
  for (const line of lines) process.stdout.write(`${values.json ? JSON.stringify(line) : describe(line)}\n`);
  if (lines.some(({ found }) => found !== EXPECTED)) process.exitCode = 1;
} finally {
  for (const server of servers) await server.stop();
}

async function started(engine: Promise<Engine>): Promise<Engine> {
  servers.push(await engine);
  return engine;
}

function columnsOf({ source: { dialect } }: Engine): string {
  return COLUMNS.map(({ name }, at) => `${dialect.quote(name)} ${TYPES[at] ?? ''}`).join(', ');
}

async function fillMariadb(engine: Engine, rows: number): Promise<void> {
  await engine.run(`CREATE TABLE shop.t (${columnsOf(engine)})`);
  for (let first = 1; first <= rows; first += BATCH) {
    const last = Math.min(rows, first + BATCH - 1);
    await engine.run(
      `USE shop; INSERT INTO shop.t SELECT seq, CONCAT('name ', seq * 31 MOD 5000), seq * 7919 MOD 100000 / 4, '2020-01-01' + INTERVAL seq * 13 MOD 1000000 MINUTE FROM seq_${first}_to_${last}`
    );
  }
}

async function fillSnowflake(engine: Engine, rows: number): Promise<void> {
  const table = engine.source.dialect.tablePath(engine.ref('t'));
  await engine.run(`CREATE TABLE ${table} (${columnsOf(engine)})`);
  await engine.run(
    `INSERT INTO ${table} SELECT N, 'name ' || MOD(N * 31, 5000), MOD(N * 7919, 100000) / 4, DATEADD(MINUTE, MOD(N * 13, 1000000), '2020-01-01'::TIMESTAMP_NTZ) FROM (SELECT SEQ4() + 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => ${rows})))`
  );
}

/** Two rows less, two more, three with another value. */
async function plant(engine: Engine, rows: number): Promise<void> {
  const { dialect } = engine.source;
  const table = dialect.tablePath(engine.ref('t'));
  const [id, name, price, at] = COLUMNS.map((column) => dialect.quote(column.name));
  await engine.run(`DELETE FROM ${table} WHERE ${id} IN (5, ${rows - 1})`);
  await engine.run(`INSERT INTO ${table} VALUES (0, 'new', 1, NULL), (${rows + 1}, 'newer', 2, NULL)`);
  await engine.run(`UPDATE ${table} SET ${price} = ${price} + 0.01 WHERE ${id} = ${Math.floor(rows / 3)}`);
  await engine.run(`UPDATE ${table} SET ${name} = 'Name 1' WHERE ${id} = ${Math.floor(rows / 2)}`);
  await engine.run(`UPDATE ${table} SET ${at} = NULL WHERE ${id} = ${Math.floor((rows * 2) / 3)}`);
}

async function bench(what: string, one: Engine, other: Engine, rows: number): Promise<BenchLine> {
  const lab = await DiffLab.open({ one, other });
  const rss: number[] = [];
  const timer = setInterval(() => rss.push(process.memoryUsage.rss()), 200);
  try {
    const begun = performance.now();
    const fqn = (service: string, { database, schema, table }: ReturnType<Engine['ref']>): string =>
      [service, database, schema, table].join('.');
    const result = await lab.compare({
      one: tableOf(fqn('one', one.ref('t')), COLUMNS),
      other: tableOf(fqn('other', other.ref('t')), COLUMNS),
    });
    const [removed, added, changed] = result.testResultValue.map(({ value }) => value ?? 'none');
    const { statements, sums, rows: fetched } = lab.fetched;
    return {
      what,
      rows,
      found: `${removed} removed, ${added} added, ${changed} changed`,
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      statements,
      sums,
      fetched,
      fetchedPercent: Math.round((fetched / (2 * rows)) * 100_000) / 1_000,
      firstHalfRssMiB: mebibytes(Math.max(0, ...rss.slice(0, rss.length / 2))),
      secondHalfRssMiB: mebibytes(Math.max(0, ...rss.slice(rss.length / 2))),
    };
  } finally {
    clearInterval(timer);
    await lab.close();
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function describe({ what, rows, found, seconds, statements, sums, fetched, ...line }: BenchLine): string {
  return `${what}, ${rows} rows: ${found} in ${seconds} s; ${statements} statements, ${sums} sums, ${fetched} other rows (${line.fetchedPercent} %); peak RSS ${line.firstHalfRssMiB} MiB in the first half, ${line.secondHalfRssMiB} MiB in the second`;
}
