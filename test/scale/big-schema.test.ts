import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { expect } from 'chai';
import { z } from 'zod';
import type { RunReport, StepReport } from '../../src/contract/run-report.js';
import { metadataWorkflow } from '../../src/workflows/index.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';

/** Of the smallest ranges some five: as many units. */
const TABLES = 10_200;
const SMALL_SCHEMAS = 12;
/** Statements that the database is filled with at once. */
const BATCH = 500;

interface EndedRun {
  readonly handle: WorkflowHandle;
  readonly report: RunReport;
}

const page = z.object({
  data: z.array(
    z.object({ name: z.string(), tableType: z.string(), columns: z.array(z.object({ name: z.string() })) })
  ),
  paging: z.object({ after: z.string().nullish() }),
});

describe('Thousands of tables in one schema, read by two workers with one staging folder', function () {
  this.timeout(1_200_000);
  let server: TestMariadb;
  let ingestion: Ingestion;
  let client: Client;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    // thousands of tables are thousands of fsyncs otherwise
    server = await startMariadb({ arguments: ['--debug-no-sync', '--sync-frm=0'] });
    await makeTables(server, 'big', TABLES, 0);
    for (let n = 0; n < SMALL_SCHEMAS; n += 1) {
      const count = TABLES / SMALL_SCHEMAS;
      await makeTables(server, `small_${String(n).padStart(2, '0')}`, count, n * count);
    }
    ingestion = await startIngestion();
    for (const [service, schemas] of [
      ['one', '^big$'],
      ['many', '^small_'],
    ] as const)
      writeFileSync(join(ingestion.recipesDir, `${service}.yaml`), recipe(service, schemas));
    const { hostPort: MYSQL_HOST_PORT, user: MYSQL_USER, password: MYSQL_PASSWORD } = server;
    Object.assign(ingestion.env, { MYSQL_HOST_PORT, MYSQL_USER, MYSQL_PASSWORD, OM_INGEST_CONCURRENCY: '1' });
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    await Promise.all([ingestion.startWorker(), ingestion.startWorker()]);
  });
  after(async () => {
    await client?.connection.close();
    await ingestion?.stop();
    await server?.stop();
  });

  const runOf = async (service: string): Promise<EndedRun> => {
    const handle = await client.workflow.start(metadataWorkflow, {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `big-schema-${service}-${process.pid}`,
      args: [{ recipePath: `${service}.yaml` }],
    });
    const report = await handle.result();
    expect(report.state, JSON.stringify(report)).to.equal('success');
    return { handle, report };
  };

  it('is read by both, in several units, and gives what many small schemas give', async () => {
    const { handle } = await runOf('one');
    const readers = await workersOf(handle, 'extractUnit');
    expect(readers.length, 'units').to.be.at.least(3);
    expect(new Set(readers).size, 'workers').to.equal(2);
    await runOf('many');
    const one = await tablesIn(ingestion, 'one');
    expect(one).to.have.length(TABLES);
    expect(one).to.deep.equal(await tablesIn(ingestion, 'many'));
  });

  it('marks nothing deleted when it runs again, and exactly what is gone after that, from each range', async () => {
    expect(sinkOf(await runOf('one'))).to.include({ deleted: 0, errors: 0 });
    await server.run('DROP TABLE big.t00001, big.t05100, big.t10199');
    expect(sinkOf(await runOf('one'))).to.include({ deleted: 3, errors: 0 });
    expect(await tablesIn(ingestion, 'one')).to.have.length(TABLES - 3);
  });
});

function sinkOf({ report }: EndedRun): StepReport | undefined {
  return report.steps.find(({ name }) => name === 'OpenMetadata');
}

async function makeTables(server: TestMariadb, schema: string, count: number, first: number): Promise<void> {
  await server.run(`CREATE DATABASE ${schema}`);
  for (let from = first; from < first + count; from += BATCH) {
    const statements: string[] = [];
    for (let n = from; n < Math.min(from + BATCH, first + count); n += 1) {
      const name = `t${String(n).padStart(5, '0')}`;
      statements.push(`CREATE TABLE ${schema}.${name} (id INT PRIMARY KEY, c${n % 7} INT) ENGINE=MEMORY`);
    }
    await server.run(statements.join(';\n'));
  }
}

function recipe(service: string, schemas: string): string {
  return `
source:
  type: mysql
  serviceName: ${service}
  serviceConnection:
    config:
      type: Mysql
      username: \${MYSQL_USER}
      authType: {password: "\${MYSQL_PASSWORD}"}
      hostPort: \${MYSQL_HOST_PORT}
  sourceConfig:
    config:
      type: DatabaseMetadata
      threads: 4
      schemaFilterPattern: {includes: ["${schemas}"]}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${OM_HOST_PORT}
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${OM_JWT_TOKEN}"}
`;
}

/** The worker of each activity of that type, from the history. */
async function workersOf(handle: WorkflowHandle, type: string): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const scheduled = new Set<string>();
  const workers: string[] = [];
  for (const {
    eventId,
    activityTaskScheduledEventAttributes: one,
    activityTaskStartedEventAttributes: two,
  } of events ?? []) {
    if (one?.activityType?.name === type) scheduled.add(String(eventId));
    if (two !== undefined && two !== null && scheduled.has(String(two.scheduledEventId)))
      workers.push(two.identity ?? '');
  }
  return workers;
}

/** Live tables of a service by name, with their columns. */
async function tablesIn({ catalog }: Ingestion, service: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ database: `${service}.default`, fields: 'columns', limit: '1000' });
    if (after !== undefined) query.set('after', after);
    const answer = await fetch(`${catalog.url}/api/v1/tables?${query.toString()}`, {
      headers: { authorization: `Bearer ${catalog.token}` },
    });
    const { data, paging } = page.parse(await answer.json());
    for (const { name, tableType, columns } of data)
      found.push(`${name} ${tableType} ${columns.map((column) => column.name).join(',')}`);
    after = paging.after ?? undefined;
  } while (after !== undefined);
  return found.sort();
}
