/**
 * `npm run bench:profiler [-- --json] [-- --threads 4] [-- --small 14]`: profiles of 18 MariaDB tables with 530,000
 * rows (the largest 200,000 rows of 20 columns) into a local catalog, on a running worker process, against hand-written
 * statements for the same metrics, on as many connections: one of aggregates and one of grouped counts a table.
 * `--small` is how many of the tables are small ones: with 500 the memory must be that of 14.
 *
 * Seconds are those of the run, from its start to its end, the catalog's work included; memory is the worker's peak.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { z } from 'zod';
import { startLocalCatalog } from '../src/local-catalog/index.js';
import { runCli, startCli } from '../test/services/cli.js';
import { startMariadb, type TestMariadb } from '../test/services/mariadb.js';
import { startTemporal } from '../test/services/temporal.js';
import { peakRss } from './peak-rss.js';

interface BenchTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly BenchColumn[];
}

interface BenchColumn {
  readonly name: string;
  readonly type: string;
  /** Of the row number `seq`. */
  readonly value: string;
  readonly kind: 'number' | 'text' | 'time';
}

const KINDS: readonly Omit<BenchColumn, 'name'>[] = [
  { type: 'INT', value: 'seq', kind: 'number' },
  { type: 'DECIMAL(12,2)', value: '(seq * 7919) MOD 100000 / 4 - 1000', kind: 'number' },
  { type: 'VARCHAR(40)', value: "CONCAT('name ', (seq * 31) MOD 5000)", kind: 'text' },
  { type: 'DATETIME', value: "'2020-01-01' + INTERVAL (seq * 13) MOD 1000000 MINUTE", kind: 'time' },
  { type: 'DOUBLE', value: 'SQRT(seq)', kind: 'number' },
  { type: 'SMALLINT', value: 'IF(seq MOD 10 = 0, NULL, seq MOD 100)', kind: 'number' },
  { type: "ENUM('open','sent','lost')", value: "ELT(seq MOD 3 + 1, 'open', 'sent', 'lost')", kind: 'text' },
  { type: 'BIGINT', value: '(seq * 104729) MOD 1000003', kind: 'number' },
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '4' },
    small: { type: 'string', default: '14' },
  },
});

const TABLES: readonly BenchTable[] = [
  table('t00', 200_000, 20),
  table('t01', 150_000, 12),
  table('t02', 60_000, 10),
  table('t03', 60_000, 10),
  ...Array.from({ length: Number(values.small) }, (_, at) =>
    table(`t${at + 4}`.padStart(3, '0'), at < 4 ? 4_000 : 4_400, 8)
  ),
];

const report = z.object({
  state: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(z.object({ records: z.number(), statements: z.number() })),
});

const threads = Number(values.threads);
const folder = mkdtempSync(join(tmpdir(), 'om-bench-profiler-'));
const server = await startMariadb({ arguments: ['--innodb-buffer-pool-size=256M'] });
try {
  await fill(server);
  const bareSeconds = await runBare(server);
  const line = await runProfiler(server, bareSeconds);
  process.stdout.write(`${values.json ? JSON.stringify(line) : describe(line)}\n`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function table(name: string, rows: number, width: number): BenchTable {
  const columns = Array.from({ length: width }, (_, at): BenchColumn => {
    const kind = KINDS[at % KINDS.length] ?? { type: 'INT', value: 'seq', kind: 'number' };
    return { name: `c${at}`, ...kind };
  });
  return { name, rows, columns };
}

async function fill(mariadb: TestMariadb): Promise<void> {
  await mariadb.run('CREATE DATABASE bench CHARACTER SET utf8mb4; USE bench');
  for (const { name, rows, columns } of TABLES) {
    await mariadb.query(
      `CREATE TABLE bench.${name} (${columns.map((column) => `${column.name} ${column.type}`).join(', ')})`
    );
    const list = columns.map(({ value }) => value).join(', ');
    await mariadb.run(
      `USE bench; INSERT INTO bench.${name} SELECT ${list} FROM seq_1_to_${rows}; ANALYZE TABLE bench.${name}`
    );
  }
}

/** What somebody would write by hand for the default metrics. */
function bareStatements({ name, columns }: BenchTable): readonly string[] {
  const aggregates = columns.flatMap((column) => {
    const value = column.kind === 'text' ? `LENGTH(${column.name})` : column.name;
    const counts = [`COUNT(${column.name})`, `MIN(${value})`, `MAX(${value})`];
    return column.kind === 'time' ? counts : [...counts, `SUM(${value})`, `AVG(${value})`, `STDDEV_POP(${value})`];
  });
  const quartiles = [0.25, 0.5, 0.75].flatMap((part) => [
    `CAST(MIN(IF(upto > FLOOR(${part} * (total - 1)), v, NULL)) AS CHAR)`,
    `CAST(MIN(IF(upto > CEIL(${part} * (total - 1)), v, NULL)) AS CHAR)`,
  ]);
  const grouped = columns.flatMap((column) => {
    const groups = (value: string): string => `SELECT ${value} v, COUNT(*) n FROM bench.${name} GROUP BY 1`;
    const none = quartiles.map(() => 'NULL');
    const windowed = (value: string): string =>
      `SELECT COUNT(v), SUM(n = 1), ${quartiles.join(', ')} FROM (SELECT v, n, SUM(IF(v IS NULL, 0, n)) OVER (ORDER BY v) upto, SUM(IF(v IS NULL, 0, n)) OVER () total FROM (${groups(value)}) g) w`;
    const counted = `SELECT COUNT(v), SUM(n = 1 AND v IS NOT NULL), ${none.join(', ')} FROM (${groups(column.name)}) g`;
    if (column.kind === 'number') return [windowed(column.name)];
    return column.kind === 'time' ? [counted] : [counted, windowed(`LENGTH(${column.name})`)];
  });
  return [`SELECT COUNT(*), ${aggregates.join(', ')} FROM bench.${name}`, grouped.join(' UNION ALL ')];
}

async function runBare(mariadb: TestMariadb): Promise<number> {
  const connect = (): Promise<mysql.Connection> =>
    mysql.createConnection({ host: '127.0.0.1', port: mariadb.port, user: mariadb.user, password: mariadb.password });
  const connections = await Promise.all(Array.from({ length: threads }, connect));
  const waiting = [...TABLES];
  const started = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        for (const sql of bareStatements(next)) await connection.query(sql);
    })
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(connections.map((connection) => connection.end()));
  return seconds;
}

interface BenchLine {
  readonly tables: number;
  readonly rows: number;
  readonly seconds: number;
  readonly bareSeconds: number;
  readonly ratio: number;
  readonly statements: number;
  readonly peakRssMiB: number;
}

async function runProfiler(mariadb: TestMariadb, bareSeconds: number): Promise<BenchLine> {
  const temporal = await startTemporal();
  const catalog = await startLocalCatalog({ file: join(folder, 'catalog.db'), port: 0 });
  const recipes = join(folder, 'recipes');
  mkdirSync(recipes);
  for (const [file, config] of [
    ['metadata.yaml', 'type: DatabaseMetadata'],
    ['profiler.yaml', `type: Profiler\n      threadCount: ${threads}`],
  ] as const)
    writeFileSync(join(recipes, file), recipe(mariadb, catalog.hostPort, config));
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    OM_INGEST_TASK_QUEUE: 'bench-profiler',
    OM_INGEST_RECIPES: recipes,
    OM_INGEST_STAGING: join(folder, 'staging'),
    OM_JWT_TOKEN: catalog.token,
    BENCH_PASSWORD: mariadb.password,
  };
  const worker = startCli(['worker'], { env, cwd: folder });
  try {
    await worker.until('worker is ready');
    await runCli(['run', 'metadata.yaml', '--json'], { env, cwd: folder });
    const { code, stdout, stderr } = await runCli(['run', 'profiler.yaml', '--json'], { env, cwd: folder });
    if (code !== 0) throw new Error(`the run ended with ${code}: ${stderr}`);
    const done = report.parse(JSON.parse(stdout));
    const seconds = (done.finishedAt - done.startedAt) / 1000;
    return {
      tables: done.steps[1]?.records ?? 0,
      rows: TABLES.reduce((sum, { rows }) => sum + rows, 0),
      seconds: round(seconds),
      bareSeconds: round(bareSeconds),
      ratio: round(seconds / bareSeconds),
      statements: done.steps.reduce((sum, { statements }) => sum + statements, 0),
      peakRssMiB: peakRss(worker.child.pid ?? 0),
    };
  } finally {
    worker.child.kill('SIGTERM');
    await worker.ended;
    await catalog.close();
    await temporal.stop();
  }
}

function recipe(mariadb: TestMariadb, hostPort: string, config: string): string {
  return `source:
  type: mysql
  serviceName: bench
  serviceConnection:
    config:
      type: Mysql
      username: ${mariadb.user}
      authType:
        password: '\${BENCH_PASSWORD}'
      hostPort: ${mariadb.hostPort}
      databaseSchema: bench
  sourceConfig:
    config:
      ${config}
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: ${hostPort}
    authProvider: openmetadata
    securityConfig:
      jwtToken: '\${OM_JWT_TOKEN}'
`;
}

function describe({ tables, rows, seconds, bareSeconds, ratio, statements, peakRssMiB }: BenchLine): string {
  return `${tables} tables, ${rows} rows: ${seconds} s, bare ${bareSeconds} s, ratio ${ratio}; ${statements} statements; worker's peak RSS ${peakRssMiB} MiB`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
