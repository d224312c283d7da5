import { expect } from 'chai';
import type { RunReport } from '../../../src/contract/run-report.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { CASES, EVERYTHING, FIXTURE, type DeletionCase } from './mariadb-cases.js';

/** What a recipe has beside that of the first run. */
interface Changed {
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

/** Runs against a real server, each case with schemas, a user and a service of its own. */
describe('Of a MariaDB server is marked deleted', function () {
  // Each case is several runs, on a machine that may do other things beside.
  this.timeout(180_000);
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
    const both = each.pipeline === undefined ? [true, false] : [each.pipeline];
    // What happens during a run happens once.
    for (const ways of each.during === undefined ? [both] : both.map((pipeline) => [pipeline]))
      it(`${each.name} (${ways.map((pipeline) => `with${pipeline ? '' : 'out'}`).join(' and ')} a pipeline)`, () =>
        play(each, ways));
  }

  /** @param ways whether it is a pipeline, for each of the services that read the same schemas */
  async function play(each: DeletionCase, ways: readonly boolean[]): Promise<void> {
    made += 1;
    const names = { s: `d${made}`, t: `d${made}x`, u: `u${made}` };
    const fill = (text: string): string => text.replace(/\$([stu])/g, (_, key: keyof typeof names) => names[key]);
    const play = async (statements: readonly string[]): Promise<void> => {
      if (statements.length > 0) await server.run(statements.map(fill).join(';\n'));
    };
    await play([`CREATE USER $u IDENTIFIED BY 'pass'`, ...FIXTURE, ...(each.more ?? [])]);
    await play((each.rights ?? EVERYTHING).map((right) => `GRANT ${right} TO $u`));
    const serviceOf = (pipeline: boolean): string => `svc${made}${pipeline ? 'p' : ''}`;
    const later: Changed = { connection: each.laterConnection, config: each.laterConfig };
    const source = (pipeline: boolean, changed: Changed = {}): RecipeSource => ({
      type: 'mysql',
      serviceName: serviceOf(pipeline),
      connection: {
        type: 'Mysql',
        username: names.u,
        authType: { password: 'pass' },
        hostPort: server.hostPort,
        ...filled(changed.connection, fill),
      },
      config: {
        schemaFilterPattern: { includes: [`^${names.s}x?$`] },
        ...each.config,
        ...filled(changed.config, fill),
      },
    });
    const { maxDeletedPercent } = each;
    const share = maxDeletedPercent === undefined ? {} : { maxDeletedPercent };
    const runAll = (changed: Changed = {}, last = false): Promise<RunReport[]> =>
      Promise.all(
        ways.map((pipeline) => {
          const options = { pipeline, ...share };
          const beforeDeletions = async (): Promise<void> => {
            await play(each.during ?? []);
            if (each.anotherRun === true) await runs.run(source(pipeline, later), options);
          };
          const during = last && each.during !== undefined ? { beforeDeletions } : {};
          return runs.run(source(pipeline, changed), { ...options, ...during });
        })
      );

    await runAll();
    for (const pipeline of ways) {
      expect(await runs.deleted(serviceOf(pipeline))).to.deep.equal([]);
      expect(await runs.live(serviceOf(pipeline))).to.have.length.greaterThan(5);
    }
    if (each.meanwhile !== undefined) await runAll(each.meanwhile);
    let reports: RunReport[] = [];
    for (const [index, statements] of each.then.entries()) {
      await play(statements);
      const last = index === each.then.length - 1;
      for (let n = 0; n < (last ? (each.repeat ?? 1) : 1); n += 1) reports = await runAll(later, last);
    }
    for (const [index, pipeline] of ways.entries())
      await expectEnd(each, pipeline, reports[index], serviceOf(pipeline), names.s);
    // Rights on everything make a server list the schemas of all cases.
    await play([
      'DROP DATABASE IF EXISTS $s',
      'DROP DATABASE IF EXISTS $t',
      'DROP DATABASE IF EXISTS $so',
      'DROP USER $u',
    ]);
  }

  async function expectEnd(
    each: DeletionCase,
    pipeline: boolean,
    report: RunReport | undefined,
    service: string,
    schema: string
  ): Promise<void> {
    const prefix = `${service}.default.`;
    const short = (fqn: string): string =>
      fqn.replace(prefix, '').replace(new RegExp(`^${schema}(x?)(?=\\.|$)`), (_, x) => (x === 'x' ? 't' : 's'));
    const text = `${service}: ${JSON.stringify(report)}`;
    expect((await runs.deleted(service)).map(short).sort(), text).to.deep.equal([...each.marked].sort());
    expect((await runs.live(service)).map(short), text).to.include.members([...(each.live ?? [])]);
    expect(report?.state, text).to.equal(each.state ?? 'success');
    if (each.says === undefined) return;
    expect(unescaped(report), service).to.include(each.says);
    if (pipeline && report?.reasons !== undefined)
      expect(JSON.stringify(await runs.lastStatus(service))).to.include('"incomplete"');
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
