import { expect } from 'chai';
import type { RunReport } from '../../../src/contract/run-report.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { CASES, ENTITIES, FIXTURE, type PostgresDeletionCase } from './postgres-cases.js';

describe('Of a PostgreSQL database is marked deleted', () => {
  let server: TestPostgres;
  let runs: MetadataRuns;
  let made = 0;

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    process.env['PG_PASSWORD'] = server.password;
    await server.query('CREATE DATABASE fixture');
    await server.query(FIXTURE, 'fixture');
    runs = await startMetadataRuns();
  });
  after(async () => {
    delete process.env['PG_PASSWORD'];
    await runs?.close();
    await server?.stop();
  });

  for (const each of CASES) it(each.name, () => play(each));

  async function play(each: PostgresDeletionCase): Promise<void> {
    made += 1;
    const database = `case${made}`;
    const service = `pg${made}`;
    const fill = (text: string): string => text.replaceAll('$d', database).replaceAll('$u', server.user);
    const run = async (script = ''): Promise<void> => void (await server.query(fill(script), database));
    await server.query(`CREATE DATABASE ${database} TEMPLATE fixture`);
    await run(each.more);
    const excludes = ['^information_schema$'];
    const source = (later: boolean): RecipeSource => ({
      type: 'postgres',
      serviceName: service,
      connection: {
        ...{ type: 'Postgres', username: server.user, authType: { password: '${PG_PASSWORD}' } },
        ...{ hostPort: server.hostPort, database },
        ...filled(each.connection, fill),
        ...filled(later ? each.laterConnection : {}, fill),
      },
      config: {
        databaseFilterPattern: { includes: [`^${database}x?$`] },
        schemaFilterPattern: { excludes },
        ...each.config,
        ...filled(later ? each.laterConfig : {}, fill),
      },
    });
    const { maxDeletedPercent } = each;
    const options = { pipeline: true, ...(maxDeletedPercent === undefined ? {} : { maxDeletedPercent }) };
    await runs.run(source(false), options);
    expect(await runs.live(service)).to.have.length.of.at.least(ENTITIES);

    let report: RunReport | undefined;
    let refusal: unknown;
    for (const [index, script] of each.then.entries()) {
      await run(script);
      const last = index === each.then.length - 1;
      for (let n = 0; n < (last ? (each.repeat ?? 1) : 1); n += 1) {
        const beforeDeletions = async (): Promise<void> => {
          await run(each.during);
          if (each.anotherRun === true) await runs.run(source(true), options);
        };
        const during = last && each.during !== undefined ? { beforeDeletions } : {};
        refusal = undefined;
        report = await runs
          .run(source(true), { ...options, ...during })
          .catch((error: unknown) => void (refusal = error));
      }
    }
    const text = JSON.stringify(report ?? String(refusal));
    const short = (fqn: string): string =>
      fqn.replace(`${service}.${database}x`, '$x').replace(new RegExp(`^${service}\\.${database}\\.?`), '');
    expect((await runs.deleted(service)).map(short).sort(), text).to.deep.equal([...each.marked].sort());
    expect((await runs.live(service)).map(short), text).to.include.members([...(each.live ?? [])]);
    expect(report === undefined ? 'refused' : report.state, text).to.equal(each.state ?? 'success');
    if (each.says !== undefined) expect(text).to.include(each.says);
    for (const name of [database, `${database}x`]) await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
});

function filled(
  values: Readonly<Record<string, unknown>> | undefined,
  fill: (text: string) => string
): Record<string, unknown> {
  return JSON.parse(fill(JSON.stringify(values ?? {}))) as Record<string, unknown>;
}
