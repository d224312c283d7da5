/**
 * Gives the parser pool texts that break parsers, between harmless ones, and shows that every text ends within its
 * deadline, that the harmless ones are read as always, and how long the main event loop was held up.
 *
 *   node dist/bench/lineage-poison.js [--json]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { parseLineage, ParserPool, type PoolQuery } from '../src/sql/index.js';

const DEADLINE_MS = 5000;

function randomText(characters: number): string {
  let state = 12345;
  const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648);
  const codes = Array.from({ length: characters }, () => 32 + (next() % 95));
  const pieces: string[] = [];
  for (let at = 0; at < codes.length; at += 8192) pieces.push(String.fromCharCode(...codes.slice(at, at + 8192)));
  return pieces.join('');
}

function numbers(count: number, map: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => map(index));
}

const POISON: ReadonlyMap<string, string> = new Map([
  ['10 MB IN list', `INSERT INTO m.t SELECT a FROM s.t WHERE x IN (${numbers(1_400_000, String).join(', ')})`],
  ['10,000 parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)} FROM s.t`],
  ['10,000 subqueries', `SELECT * FROM ${'(SELECT * FROM '.repeat(10_000)}s.t${')'.repeat(10_000)}`],
  [
    '3,000-term OR',
    `INSERT INTO m.t SELECT a FROM s.t WHERE ${numbers(3000, (index) => `c${index} = ${index}`).join(' OR ')}`,
  ],
  ['NUL bytes', 'INSERT INTO m.t SELECT a\0, b FROM s.t\0'],
  ['unterminated string', "INSERT INTO m.t SELECT a FROM s.t WHERE x = 'abc"],
  ['unterminated name', 'INSERT INTO m.t SELECT `a FROM s.t'],
  ['unterminated comment', 'INSERT INTO m.t SELECT a FROM s.t /* x'],
  ['5 MB random', randomText(5_000_000)],
  ['one million brackets', '('.repeat(1_000_000)],
  ['one million in a SELECT', `SELECT ${'('.repeat(1_000_000)}`],
  ['100,000 open CASEs', 'SELECT CASE '.repeat(100_000)],
  ['300,000 rows', `INSERT INTO m.t VALUES ${numbers(300_000, (index) => `(${index}, 'x${index}', NULL)`).join(', ')}`],
  ['20,000 UNIONs', `SELECT a FROM s.t ${'UNION SELECT a FROM s.t '.repeat(20_000)}`],
  ['not SQL', `FROB ${'x + ('.repeat(5000)}`],
]);

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const pool = new ParserPool({ threads: 1, deadlineMs: DEADLINE_MS });
await pool.warmUp();
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

let slowest = 0;
let harmlessWrong = 0;
const lines: string[] = [];
for (const [name, sql] of POISON) {
  const harmless: PoolQuery[] = numbers(50, (index) => `INSERT INTO m.t${index} (a) SELECT b FROM s.u${index}`).map(
    (text) => ({ sql: text, dialect: 'mysql' })
  );
  const batch = [...harmless.slice(0, 25), { sql, dialect: 'mysql' as const }, ...harmless.slice(25)];
  const started = performance.now();
  const lineages = await pool.parseBatch(batch);
  const took = performance.now() - started;
  slowest = Math.max(slowest, took);
  const found = lineages[25];
  batch.forEach((query, index) => {
    if (index === 25) return;
    if (JSON.stringify(lineages[index]) !== JSON.stringify(parseLineage(query.sql, query.dialect))) harmlessWrong += 1;
  });
  const tables = `${found?.sources.length ?? 0} sources, ${found?.targets.length ?? 0} targets`;
  const fate = found?.poisoned === undefined ? `read: ${tables}` : `ended: ${found.poisoned.reason}, ${tables}`;
  lines.push(
    `${name.padEnd(28)}${String(sql.length).padStart(10)} chars ${String(Math.round(took)).padStart(6)} ms  ${fate}`
  );
}
delay.disable();
const report = pool.report();
await pool.close();
const result = {
  texts: POISON.size,
  deadlineMs: DEADLINE_MS,
  slowestBatchMs: Math.round(slowest),
  harmlessWrong,
  threadsEnded: report.threadsEnded,
  eventLoopDelayP99Ms: Math.round(delay.percentile(99) / 1e5) / 10,
  eventLoopDelayMaxMs: Math.round(delay.max / 1e5) / 10,
};
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else process.stdout.write(`${lines.join('\n')}\n${JSON.stringify(result, null, 2)}\n`);
