import { expect } from 'chai';
import type { RunReport } from '../../../src/contract/run-report.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { CASES, EVERYTHING, FIXTURE, type DeletionCase } from './mariadb-cases.js';

/** Runs against a real server, each case with schemas, a user and a service of its own. */
describe('Of a MariaDB server is marked deleted', () => {
  let server: TestMariadb;
  let runs: MetadataRuns;
  let made = 0;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    [server, runs] = await Promise.all([startMariadb(), startMetadataRuns()]);
  });
  after(async () => {
    await runs?.close();
    await server?.stop();
  });

  for (const each of CASES) {
    for (const pipeline of each.pipeline === undefined ? [true, false] : [each.pipeline])
      it(`${each.name} (${pipeline ? 'with' : 'without'} a pipeline)`, () => play(each, pipeline));
  }

  async function play(each: DeletionCase, pipeline: boolean): Promise<void> {
    made += 1;
    const names = { s: `d${made}`, t: `d${made}x`, u: `u${made}` };
    const fill = (text: string): string => text.replace(/\$([stu])/g, (_, key: keyof typeof names) => names[key]);
    const play = async (statements: readonly string[]): Promise<void> => {
      for (const statement of statements) await server.run(fill(statement));
    };
    await server.run(`CREATE USER ${names.u} IDENTIFIED BY 'pass'`);
    await play([...FIXTURE, ...(each.more ?? [])]);
    await play((each.rights ?? EVERYTHING).map((right) => `GRANT ${right} TO $u`));
    const source = (later: boolean): RecipeSource => ({
      type: 'mysql',
      serviceName: `svc${made}`,
      connection: {
        type: 'Mysql',
        username: names.u,
        authType: { password: 'pass' },
        hostPort: server.hostPort,
        ...filled(later ? each.laterConnection : {}, fill),
      },
      config: {
        schemaFilterPattern: { includes: [`^${names.s}x?$`] },
        ...each.config,
        ...filled(later ? each.laterConfig : {}, fill),
      },
    });
    const { maxDeletedPercent } = each;
    const options = { pipeline, ...(maxDeletedPercent === undefined ? {} : { maxDeletedPercent }) };

    await runs.run(source(false), options);
    expect(await runs.deleted(`svc${made}`)).to.deep.equal([]);
    expect(await runs.live(`svc${made}`)).to.have.length.greaterThan(5);
    let report: RunReport | undefined;
    for (const [index, statements] of each.then.entries()) {
      await play(statements);
      const last = index === each.then.length - 1;
      for (let n = 0; n < (last ? (each.repeat ?? 1) : 1); n += 1) {
        const beforeDeletions = async (): Promise<void> => {
          await play(each.during ?? []);
          if (each.anotherRun === true) await runs.run(source(true), options);
        };
        const during = last && each.during !== undefined ? { beforeDeletions } : {};
        report = await runs.run(source(true), { ...options, ...during });
      }
    }
    const prefix = `svc${made}.default.`;
    const short = (fqn: string): string =>
      fqn.replace(prefix, '').replace(new RegExp(`^${names.s}(x?)(?=\\.|$)`), (_, x) => (x === 'x' ? 't' : 's'));
    const text = JSON.stringify(report);
    expect((await runs.deleted(`svc${made}`)).map(short).sort(), text).to.deep.equal([...each.marked].sort());
    expect((await runs.live(`svc${made}`)).map(short), text).to.include.members([...(each.live ?? [])]);
    expect(report?.state, text).to.equal(each.state ?? 'success');
    if (each.says === undefined) return;
    expect(unescaped(report)).to.include(each.says);
    if (pipeline && report?.reasons !== undefined)
      expect(JSON.stringify(await runs.lastStatus(`svc${made}`))).to.include('"incomplete"');
  }
});

function filled(
  values: Readonly<Record<string, unknown>> | undefined,
  fill: (text: string) => string
): Record<string, unknown> {
  return JSON.parse(fill(JSON.stringify(values ?? {}))) as Record<string, unknown>;
}

/** All that the report says went wrong. */
function unescaped(report: RunReport | undefined): string {
  const failures = report?.steps.flatMap((step) => step.failures) ?? [];
  return [...failures, ...(report?.reasons ?? [])].map(({ error }) => error).join('\n');
}
