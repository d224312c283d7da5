import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, type CliProcess } from '../services/cli.js';
import { startFakesnow, type Fakesnow } from '../services/fakesnow.js';
import { startFaultProxy, type FaultProxy } from '../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { decoded, formsOf, historyOf } from '../services/secret-search.js';

const PASSWORD = 'R1ght-sentinel/+p4ss@:';
const WRONG_PASSWORD = 'Wr0ng-sentinel/+p4ss@:';

const report = z.object({
  state: z.string(),
  error: z.string().optional(),
  steps: z.array(z.object({ failures: z.array(z.object({ entity: z.string(), error: z.string() })) })),
});

/** What a recipe may say wrong, by the command, a worker and Temporal: what is said of it, and that no password is. */
describe('om-ingest run of a Snowflake recipe that is refused', () => {
  let fakesnow: Fakesnow;
  let front: FaultProxy;
  let ingestion: Ingestion;
  let worker: CliProcess;
  const told = new Map<string, string>();

  before(async () => {
    [fakesnow, front, ingestion] = await Promise.all([
      startFakesnow({ password: PASSWORD }),
      startFaultProxy(),
      startIngestion(),
    ]);
    await fakesnow.seed();
    await fakesnow.control({ warehouses: ['COMPUTE_WH'] });
    front.reset(fakesnow.url);
    worker = await ingestion.startWorker();
  });
  after(async () => {
    await ingestion.stop();
    await front.close();
    await fakesnow.stop();
  });

  /** Runs a recipe with these keys of the connection. Its password is a literal: the worker reads it from the file. */
  async function run(
    id: string,
    connection: Readonly<Record<string, string>>,
    port = fakesnow.port
  ): Promise<{ code: number | null; report: z.infer<typeof report> }> {
    const config = {
      type: 'Snowflake',
      account: 'fakesnow',
      username: 'fake',
      password: PASSWORD,
      warehouse: 'COMPUTE_WH',
      connectionArguments: { host: '127.0.0.1', port, protocol: 'http', sf_retry_max_login_retries: 1 },
      ...connection,
    };
    const recipe = {
      source: {
        type: 'snowflake',
        serviceName: 'refused',
        serviceConnection: { config },
        sourceConfig: { config: { type: 'DatabaseMetadata' } },
      },
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: ingestion.catalog.hostPort,
          authProvider: 'openmetadata',
          securityConfig: { jwtToken: ingestion.catalog.token },
        },
      },
      ingestionPipelineFQN: 'refused.metadata',
    };
    writeFileSync(join(ingestion.recipesDir, `${id}.yaml`), JSON.stringify(recipe));
    const { code, stdout, stderr } = await runCli(['run', `${id}.yaml`, '--id', id, '--json'], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    told.set(id, stdout + stderr);
    return { code, report: report.parse(JSON.parse(stdout)) };
  }

  it('says of a wrong password that the login is refused', async () => {
    const { code, report } = await run('wrong-password', { password: WRONG_PASSWORD });
    expect(code).to.equal(2);
    expect(report.state).to.equal('failed');
    expect(report.error).to.include('Snowflake refuses the user name or the password.').and.include('390100');
  });

  it('says of a wrong account that none answers at its address', async () => {
    // What Snowflake's front door answers for an account it does not know.
    front.onCall(() => ({ kind: 'status', status: 403 }));
    const { code, report } = await run('wrong-account', { account: 'nosuch-account' }, Number(new URL(front.url).port));
    expect(code).to.equal(2);
    expect(report.error).to.include('nosuch-account').and.include('No Snowflake account answers at this address');
  });

  it('gives the GRANT for a warehouse that is missing', async () => {
    const { code, report } = await run('missing-warehouse', { warehouse: 'NO_SUCH_WH' });
    expect(code).to.equal(2);
    expect(report.error).to.include('GRANT USAGE ON WAREHOUSE NO_SUCH_WH TO ROLE SYSADMIN;');
  });

  it('gives the GRANT for a database that is not there', async () => {
    const { code, report } = await run('missing-database', { database: 'NOWHERE' });
    expect(code).to.equal(2);
    expect(report.error).to.include('GRANT USAGE ON DATABASE NOWHERE TO ROLE SYSADMIN;');
  });

  it('counts a database that may not be used as one failure and reads the others', async () => {
    await fakesnow.control({
      errors: [{ match: '"FINANCE".INFORMATION_SCHEMA', code: '002003', message: 'not authorized' }],
    });
    const { code, report } = await run('unusable-database', {});
    expect(code).to.equal(1);
    expect(report.state).to.equal('partialSuccess');
    const failures = report.steps.flatMap((step) => step.failures);
    expect(failures.map(({ entity }) => entity)).to.deep.equal(['FINANCE']);
    expect(failures[0]?.error).to.include('GRANT USAGE ON DATABASE FINANCE TO ROLE SYSADMIN;');
  });

  it('leaves no password in the commands’ output, the log of the worker, histories and statuses', async () => {
    worker.child.kill('SIGTERM');
    const { stdout, stderr } = await worker.ended;
    const found: string[] = [];
    const look = (where: string, text: string): void => {
      for (const form of [PASSWORD, WRONG_PASSWORD].flatMap(formsOf)) if (text.includes(form)) found.push(where);
    };
    look('the log', stdout + stderr);
    for (const [id, output] of told) {
      look(`the output of ${id}`, output);
      const history = await historyOf(id, ingestion.address);
      look(`the history of ${id}`, history + decoded(history));
    }
    const statuses = await fetch(
      `${ingestion.catalog.url}/api/v1/services/ingestionPipelines/refused.metadata/pipelineStatus?startTs=0&endTs=${Date.now() + 1_000}`,
      { headers: { authorization: `Bearer ${ingestion.catalog.token}` } }
    );
    expect(statuses.status).to.equal(200);
    look('the statuses', await statuses.text());
    expect(told.size).to.equal(5);
    expect(found).to.deep.equal([]);
  });
});
