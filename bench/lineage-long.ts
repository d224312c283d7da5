/**
 * Measures how many texts of 5 to 9 KB one thread reads a second.
 *
 *   node dist/bench/lineage-long.js [--json]
 */
import { parseArgs } from 'node:util';
import { TextReader } from '../src/sql/index.js';

const TEXTS = 20;
const WARM_MS = 4000;
const MEASURED_MS = 6000;

/** A chain of CTEs as transformation tools write them, 5 to 9 KB. */
function longText(seed: number): string {
  const ctes: string[] = [];
  const columns = Array.from({ length: 8 }, (_, index) => `metric_${seed}_${index}`);
  for (let level = 0; level < 6 + (seed % 4); level += 1) {
    const from = level === 0 ? `raw.events_${seed} e` : `step_${level - 1} e`;
    const items = columns.map((column, index) =>
      index % 3 === 0
        ? `CASE WHEN e.${column} > ${level * 10} THEN COALESCE(e.${column}, 0) ELSE d.weight_${index} END AS ${column}`
        : `SUM(e.${column} * d.rate_${index}) OVER (PARTITION BY e.account_id ORDER BY e.day_id) AS ${column}`
    );
    ctes.push(
      `step_${level} AS (SELECT e.account_id, e.day_id, ${items.join(', ')} FROM ${from} ` +
        `LEFT JOIN ref.dim_${level} d ON d.account_id = e.account_id AND d.day_id = e.day_id ` +
        `WHERE e.day_id BETWEEN '2024-01-01' AND '2024-12-31' AND e.account_id IN (${seed}, ${level}, 3, 4, 5))`
    );
  }
  const last = ctes.length - 1;
  return `INSERT INTO mart.result_${seed} (account_id, ${columns.join(', ')}) WITH ${ctes.join(', ')} SELECT account_id, ${columns.join(', ')} FROM step_${last}`;
}

function speedOf(texts: readonly string[], read: (sql: string) => unknown): number {
  for (const until = performance.now() + WARM_MS; performance.now() < until;) for (const sql of texts) read(sql);
  const started = performance.now();
  let rounds = 0;
  for (; performance.now() - started < MEASURED_MS; rounds += 1) for (const sql of texts) read(sql);
  return (rounds * texts.length * 1000) / (performance.now() - started);
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const texts = Array.from({ length: TEXTS }, (_, seed) => longText(seed));
const reader = new TextReader({ templates: 0 });
const own = speedOf(texts, (sql) => reader.read(sql, 'snowflake'));
const sizes = texts.map((sql) => sql.length);
const result = {
  texts: TEXTS,
  smallestBytes: Math.min(...sizes),
  largestBytes: Math.max(...sizes),
  lineagePerSecond: Math.round(own),
};
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  process.stdout.write(
    `${result.texts} texts of ${result.smallestBytes} to ${result.largestBytes} bytes\n` +
      `${result.lineagePerSecond}/s\n`
  );
}
