import { expect } from 'chai';
import type { RunReport } from '../../../src/contract/run-report.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { CASES, FIXTURE, VIEWS, type SnowflakeDeletionCase } from './snowflake-cases.js';

/** Runs against the emulator, each case with databases, a role and a service of its own. */
describe('Of a Snowflake account is marked deleted', function () {
  // Each case is several runs, on a machine that may do other things beside.
  this.timeout(180_000);
  let fakesnow: Fakesnow;
  let runs: MetadataRuns;
  let made = 0;

  before(async () => {
    [fakesnow, runs] = await Promise.all([startFakesnow(), startMetadataRuns()]);
    await fakesnow.seed();
    for (const statement of VIEWS) await fakesnow.execute(statement);
  });
  after(async () => {
    await runs?.close();
    await fakesnow?.stop();
  });

  for (const each of CASES) {
    const ways = each.pipeline === undefined ? [true, false] : [each.pipeline];
    it(`${each.name} (${ways.map((pipeline) => `with${pipeline ? '' : 'out'}`).join(' and ')} a pipeline)`, () =>
      play(each, ways));
  }

  /** @param ways whether it is a pipeline, for each of the services that read the same databases */
  async function play(each: SnowflakeDeletionCase, ways: readonly boolean[]): Promise<void> {
    made += 1;
    const names = { d: `D${made}`, e: `E${made}`, r: `R${made}` };
    const fill = (text: string): string => text.replace(/\$([der])/g, (_, key: keyof typeof names) => names[key]);
    const play = async (statements: readonly string[]): Promise<void> => {
      for (const statement of statements) await fakesnow.execute(fill(statement));
    };
    await play([...FIXTURE, ...(each.more ?? [])]);
    const laterConfig = JSON.parse(fill(JSON.stringify(each.laterConfig ?? {}))) as Record<string, unknown>;
    const serviceOf = (pipeline: boolean): string => `snow${made}${pipeline ? 'p' : ''}`;
    const runAll = (config: Record<string, unknown>, hoursLater = 0): Promise<RunReport[]> =>
      Promise.all(
        ways.map((pipeline) => {
          const source: RecipeSource = {
            type: 'snowflake',
            serviceName: serviceOf(pipeline),
            connection: {
              type: 'Snowflake',
              account: 'fakesnow',
              username: 'fake',
              password: 'snow',
              warehouse: 'COMPUTE_WH',
              role: names.r,
              connectionArguments: { host: '127.0.0.1', port: fakesnow.port, protocol: 'http' },
              ...each.connection,
            },
            config: {
              databaseFilterPattern: { includes: [`^${names.d}$`, `^${names.e}$`] },
              ...each.config,
              ...config,
            },
          };
          return runs.run(source, { pipeline, hoursLater });
        })
      );

    await runAll({});
    for (const pipeline of ways) {
      expect(await runs.deleted(serviceOf(pipeline))).to.deep.equal([]);
      expect(await runs.live(serviceOf(pipeline))).to.have.length.greaterThan(12);
    }
    let reports: RunReport[] = [];
    for (const [index, statements] of each.then.entries()) {
      await play(statements);
      const errors =
        each.refused === undefined ? [] : [{ match: each.refused, code: '002003', message: 'not authorized' }];
      await fakesnow.control({ errors });
      const times = index === each.then.length - 1 ? (each.repeat ?? 1) : 1;
      try {
        for (let n = 0; n < times; n += 1) reports = await runAll(laterConfig, each.hoursLater ?? 0);
      } finally {
        await fakesnow.control({ errors: [] });
      }
    }
    for (const [index, pipeline] of ways.entries())
      await expectEnd(each, pipeline, reports[index], serviceOf(pipeline));
    // The emulator answers for all databases at once. Its DROP DATABASE IF EXISTS fails where there is none.
    for (const name of ['$d', '$e']) await play([`DROP DATABASE ${name}`]).catch(() => undefined);
  }

  async function expectEnd(
    each: SnowflakeDeletionCase,
    pipeline: boolean,
    report: RunReport | undefined,
    service: string
  ): Promise<void> {
    const text = `${service}: ${JSON.stringify(report)}`;
    const marked = (await runs.deleted(service)).map((fqn) =>
      fqn.replace(`${service}.`, '').replace(/^([DE])\d+/, (_, letter: string) => letter.toLowerCase())
    );
    expect(marked.sort(), text).to.deep.equal([...each.marked].sort());
    expect(report?.state, text).to.equal(each.state ?? 'success');
    if (each.says === undefined) return;
    const failures = report?.steps.flatMap((step) => step.failures) ?? [];
    expect([...failures, ...(report?.reasons ?? [])].map(({ error }) => error).join('\n'), service).to.include(
      each.says
    );
    if (pipeline) expect(JSON.stringify(await runs.lastStatus(service))).to.include('"incomplete"');
  }
});
