import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, startCli, type CliOutcome, type CliProcess } from '../services/cli.js';
import { startFakesnow, type Fakesnow } from '../services/fakesnow.js';
import { fakesnowEnvironment } from '../services/fakesnow/environment.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const named = z.object({
  data: z.array(z.object({ fullyQualifiedName: z.string(), tableType: z.string().optional(), version: z.number() })),
});
const golden = z.object({
  records: z.record(
    z.string(),
    z.array(z.object({ kind: z.string(), name: z.string(), tableType: z.string().optional() }))
  ),
});

/** The shipped recipe against the seeded emulator, which takes any key. */
describe('om-ingest run recipes/snowflake/metadata.yaml', () => {
  let fakesnow: Fakesnow;
  let ingestion: Ingestion;
  let worker: CliProcess | undefined;
  let env: Record<string, string>;

  before(async () => {
    fakesnow = await startFakesnow();
    await fakesnow.seed();
    ingestion = await startIngestion();
    copyFileSync('recipes/snowflake/metadata.yaml', join(ingestion.recipesDir, 'snowflake.yaml'));
    env = { ...ingestion.env, ...fakesnowEnvironment(fakesnow) };
    worker = startCli(['worker'], { env, cwd: ingestion.folder });
    await worker.until('worker is ready');
  });
  after(async () => {
    worker?.child.kill('SIGTERM');
    await worker?.ended;
    await ingestion.stop();
    await fakesnow.stop();
  });

  const run = (...args: string[]): Promise<CliOutcome> =>
    runCli(['run', 'snowflake.yaml', ...args], { env, cwd: ingestion.folder });

  async function listed(kind: string): Promise<z.infer<typeof named>['data']> {
    const { url, token } = ingestion.catalog;
    const response = await fetch(`${url}/api/v1/${kind}?limit=1000`, { headers: { Authorization: `Bearer ${token}` } });
    return named
      .parse(await response.json())
      .data.sort((left, right) => (left.fullyQualifiedName < right.fullyQualifiedName ? -1 : 1));
  }

  it('makes exactly the seeded databases, schemas, tables and procedures', async () => {
    const { code, stderr } = await run();
    expect(code, stderr).to.equal(0);
    expect((await listed('databases')).map((database) => database.fullyQualifiedName)).to.deep.equal([
      'snowflake.ANALYTICS',
      'snowflake.FINANCE',
    ]);
    const { records } = golden.parse(JSON.parse(readFileSync('test/data/snowflake/seeded-warehouse.json', 'utf8')));
    const expected = Object.entries(records).flatMap(([schema, members]) =>
      members.map((member) => ({ fqn: `snowflake.${schema}.${member.name}`, ...member }))
    );
    // The recipe wants no streams and stages.
    const tables = expected.filter(
      (member) => member.kind === 'table' && member.tableType !== 'Stream' && member.tableType !== 'Stage'
    );
    const byName = (left: { fqn: string }, right: { fqn: string }): number => (left.fqn < right.fqn ? -1 : 1);
    expect(
      (await listed('tables')).map((table) => ({ fqn: table.fullyQualifiedName, type: table.tableType }))
    ).to.deep.equal(tables.sort(byName).map((table) => ({ fqn: table.fqn, type: table.tableType })));
    expect((await listed('storedProcedures')).map((procedure) => procedure.fullyQualifiedName)).to.deep.equal(
      expected
        .filter((member) => member.kind === 'procedure')
        .map((member) => member.fqn)
        .sort()
    );
    expect(await listed('databaseSchemas')).to.have.length(Object.keys(records).length);
  });

  it('changes nothing the second time', async () => {
    const before = [
      ...(await listed('tables')),
      ...(await listed('storedProcedures')),
      ...(await listed('databaseSchemas')),
    ];
    const { code, stderr } = await run();
    expect(code, stderr).to.equal(0);
    const after = [
      ...(await listed('tables')),
      ...(await listed('storedProcedures')),
      ...(await listed('databaseSchemas')),
    ];
    expect(after).to.deep.equal(before);
  });

  it('tags its sessions and heads its statements with the project and the run', async () => {
    const sent = (await fakesnow.statements()).filter(({ sql }) => sql?.includes('"app": "OpenMetadata"') === true);
    const tag = 'openmetadata-temporal-ingestion/\\d+\\.\\d+\\.\\d+ metadata [0-9a-f-]{36}';
    const headed = new RegExp(`^/\\* \\{"app": "OpenMetadata", "run": "${tag}"\\} \\*/\\n`);
    expect(sent.filter(({ sql }) => !headed.test(sql ?? ''))).to.deep.equal([]);
    expect(sent.some(({ sql }) => new RegExp(`QUERY_TAG = '${tag}'`).test(sql ?? ''))).to.equal(true);
  });

  it('prints its state and no secret', async () => {
    const { stdout, stderr } = await run('--json');
    expect(stdout + stderr)
      .not.to.contain('PRIVATE KEY')
      .and.not.to.contain(env['SNOWFLAKE_PRIVATE_KEY'] ?? '');
    expect(z.object({ state: z.string() }).parse(JSON.parse(stdout)).state).to.equal('success');
  });
});
