/**
 * Scores lineage against a corpus and measures how fast one thread reads it.
 *
 *   node dist/bench/lineage.js [FILE] [--json] [--out PREDICTIONS]
 *
 * FILE: a corpus (test/data/lineage/README.md); default test/data/lineage/authored.jsonl. A row counts as exact when
 * its set of tables, or of column pairs, equals the truth. Speed is measured warm and without the template cache: every
 * text is read anew.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TextReader } from '../src/sql/index.js';
import {
  dialectOf,
  optionsOf,
  predictionOf,
  readCorpus,
  scoreOf,
  type CorpusRow,
  type Prediction,
} from './lineage-corpus.js';

const WARM_MS = 3000;
const MEASURED_MS = 3000;

interface Tally {
  queries: number;
  tables: number;
  tablesExact: number;
  columns: number;
  columnsExact: number;
}

function newTally(): Tally {
  return { queries: 0, tables: 0, tablesExact: 0, columns: 0, columnsExact: 0 };
}

function share(exact: number, all: number): number {
  return all === 0 ? 1 : exact / all;
}

function percent(exact: number, all: number): string {
  return all === 0 ? '-' : `${(share(exact, all) * 100).toFixed(1)} % (${exact}/${all})`;
}

function count(tally: Tally, one: CorpusRow, prediction: Prediction): void {
  const score = scoreOf(one, prediction);
  tally.queries += 1;
  if (score.tables !== undefined) tally.tables += 1;
  if (score.tables === true) tally.tablesExact += 1;
  if (score.columns !== undefined) tally.columns += 1;
  if (score.columns === true) tally.columnsExact += 1;
}

/** Queries a second over whole rounds of the corpus, after a warm-up. */
function speedOf(rows: readonly CorpusRow[]): number {
  const reader = new TextReader({ templates: 0 });
  const prepared = rows.map((one) => ({ sql: one.sql, dialect: dialectOf(one), options: optionsOf(one) }));
  const round = (): void => {
    for (const { sql, dialect, options } of prepared) reader.read(sql, dialect, options);
  };
  for (const until = performance.now() + WARM_MS; performance.now() < until;) round();
  const started = performance.now();
  let rounds = 0;
  for (; performance.now() - started < MEASURED_MS; rounds += 1) round();
  return (rounds * rows.length * 1000) / (performance.now() - started);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, out: { type: 'string' } },
  });
  const rows = readCorpus(positionals[0] ?? 'test/data/lineage/authored.jsonl');
  const reader = new TextReader({ templates: 0 });
  const total = newTally();
  const byDialect = new Map<string, Tally>();
  const predictions: Prediction[] = [];
  for (const one of rows) {
    const prediction = predictionOf(one.id, reader.read(one.sql, dialectOf(one), optionsOf(one)));
    predictions.push(prediction);
    const tally = byDialect.get(one.dialect) ?? newTally();
    byDialect.set(one.dialect, tally);
    count(tally, one, prediction);
    count(total, one, prediction);
  }
  if (values.out !== undefined)
    writeFileSync(values.out, predictions.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const queriesPerSecond = Math.round(speedOf(rows));
  if (values.json) {
    const tableExact = share(total.tablesExact, total.tables);
    const columnExact = share(total.columnsExact, total.columns);
    process.stdout.write(`${JSON.stringify({ queries: total.queries, tableExact, columnExact, queriesPerSecond })}\n`);
    return;
  }
  const line = (name: string, tally: Tally): string =>
    `${name.padEnd(12)}${String(tally.queries).padStart(6)}  ${percent(tally.tablesExact, tally.tables).padEnd(20)}${percent(tally.columnsExact, tally.columns)}\n`;
  process.stdout.write(`${'dialect'.padEnd(12)}${'texts'.padStart(6)}  ${'tables exact'.padEnd(20)}columns exact\n`);
  for (const [dialect, tally] of [...byDialect].sort(([a], [b]) => a.localeCompare(b)))
    process.stdout.write(line(dialect, tally));
  process.stdout.write(line('total', total));
  process.stdout.write(
    `${queriesPerSecond} queries/s on one thread, warm, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident\n`
  );
}

await main();
