/**
 * `npm run bench:metadata -- [--json] [--tables 200,2000] [--source postgres] [--times 3]`: metadata of MariaDB's (or
 * PostgreSQL's) tables of 12 columns into a local catalog, on a
 * running worker process, against the same catalogue statements and the same bulk PUTs run bare.
 */
import { parseArgs } from 'node:util';
import { MariadbWarehouse } from './metadata/mariadb-warehouse.js';
import { MetadataBench, type BenchLine } from './metadata/metadata-bench.js';
import { PostgresWarehouse } from './metadata/postgres-warehouse.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    tables: { type: 'string', default: '200,2000,10000' },
    source: { type: 'string', default: 'mysql' },
    times: { type: 'string' },
  },
});

const WAREHOUSES = { mysql: MariadbWarehouse, postgres: PostgresWarehouse };
const warehouse = Object.entries(WAREHOUSES).find(([name]) => name === values.source)?.[1];
if (warehouse === undefined) throw new Error(`--source is ${Object.keys(WAREHOUSES).join(' or ')}`);

const bench = await MetadataBench.open(warehouse.start(), Number(values.times ?? 15));
try {
  const fixed = await bench.fixedSeconds();
  if (!values.json) say(`fixed cost of a run (one table): ${fixed.toFixed(2)} s`);
  for (const tables of values.tables.split(',').map(Number)) {
    const line = await bench.measure(tables);
    say(values.json ? JSON.stringify(line) : describe(line));
  }
} finally {
  await bench.close();
}

function describe(line: BenchLine): string {
  return (
    `${line.tables} tables: ${line.seconds.toFixed(2)} s, bare ${line.bareSeconds.toFixed(2)} s, ratio ${line.ratio.toFixed(2)}; ` +
    `history ${line.historyEvents} events, ${line.historyBytes} bytes; worker's peak RSS ${line.peakRssMiB} MiB; ${line.statements} statements`
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
