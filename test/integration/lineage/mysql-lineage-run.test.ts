import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { untilEntries } from '../../services/until-entries.js';
import { LineageLab, type HeldLineage, type LineageTrial } from './lineage-lab.js';

const GOLDEN = 'test/data/lineage-run/lineage.json';
/** Texts of the run that faults hit: several chunks. */
const BULK = 3_000;

/** `UPDATE_GOLDEN=1` writes what was found instead of comparing it; look at the difference before it is kept. */
function expectGolden(found: HeldLineage): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, `${JSON.stringify(found, null, 2)}\n`);
  expect(found).to.deep.equal(JSON.parse(readFileSync(GOLDEN, 'utf8')));
}

function step(report: RunReport, at: 0 | 1): RunReport['steps'][number] {
  const found = report.steps[at];
  if (found === undefined) throw new Error('the report has no such step');
  return found;
}

describe('lineageWorkflow of MySQL', function () {
  this.timeout(180_000);
  let lab: LineageLab;

  before(async () => {
    lab = await LineageLab.open();
  });
  after(() => lab.close());

  it('is a partial success that says why when texts were read and no edge came out', async () => {
    await lab.mariadb.run('SET GLOBAL general_log = OFF; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON');
    await lab.mariadb.run(
      'CREATE TABLE shop.unseen AS SELECT 1 AS id; INSERT INTO shop.unseen SELECT id + 1 FROM shop.unseen AS u'
    );
    writeFileSync(
      path.join(lab.recipes, 'queries.yaml'),
      readFileSync('recipes/mysql/lineage.yaml', 'utf8').replace(
        'threads: 2',
        'threads: 2\n      processViewLineage: false'
      )
    );
    await lab.trial(async (trial) => {
      const report = await trial.run('queries.yaml');
      expect(report.state).to.equal('partialSuccess');
      expect(report.notes.join('\n')).to.match(
        /1 text was read and no edge came out of it|texts were read and no edge came out of them/
      );
    });
    await lab.mariadb.run('DROP TABLE shop.unseen; TRUNCATE mysql.general_log');
  });

  it('makes the expected edges and columns of views and the general log, and a second run changes nothing', async () => {
    await lab.runEtl();
    await lab.trial(async (trial) => {
      const first = await trial.run();
      expect(first.state).to.equal('success');
      const held = trial.held();
      expectGolden(held);
      expect(step(first, 1)).to.include({ records: held.edges.length, updated: 0, errors: 0 });
      const notes = first.notes.join('\n');
      expect(notes).to.contain('default.shop.scratch');
      // A temporary table is no gap of the catalog.
      expect(notes).not.to.contain('default.shop.recent');

      const second = await trial.run();
      expect(second.state).to.equal('success');
      expect(step(second, 1)).to.include({ records: 0, updated: 0, errors: 0 });
      expect(trial.held()).to.deep.equal(held);
      // Of the views only those that wait for a table are read again.
      expect(step(second, 0).unchanged).to.equal(3);
    });
  });

  describe('with a fault', () => {
    let clean: HeldLineage;
    let cleanReport: RunReport;

    before(async () => {
      await lab.runBulk(BULK);
      await lab.trial(async (trial) => {
        cleanReport = await trial.run();
        clean = trial.held();
      });
      expect(clean.edges.length).to.be.above(8);
    });

    const expectAsClean = (report: RunReport, trial: LineageTrial): void => {
      expect(trial.held()).to.deep.equal(clean);
      expect(report.state).to.equal(cleanReport.state);
      expect(report.notes).to.deep.equal(cleanReport.notes);
      const { records, filtered, warnings, errors } = step(cleanReport, 0);
      expect(step(report, 0)).to.include({ records, filtered, warnings, errors });
      // What an attempt published before it died is found there by the next one.
      const done = (each: RunReport): number => step(each, 1).records + step(each, 1).unchanged + step(each, 1).updated;
      expect(done(report)).to.equal(done(cleanReport));
      expect(readdirSync(path.join(trial.staging, 'runs'))).to.deep.equal([]);
    };

    it('loses and doubles nothing after kill -9 while it parses', async () => {
      await lab.trial(async (trial) => {
        const handle = await trial.start();
        await untilEntries(path.join(trial.staging, 'runs', handle.firstExecutionRunId, 'parsed', '0'), 1);
        await trial.worker.kill();
        await trial.startWorker();
        expectAsClean((await handle.result()) as RunReport, trial);
      });
    });

    it('loses and doubles nothing after kill -9 while it reads the log', async () => {
      await lab.trial(async (trial) => {
        const handle = await trial.start();
        await untilEntries(path.join(trial.staging, 'runs', handle.firstExecutionRunId, 'queries', '0'), 1);
        await trial.worker.kill();
        await trial.startWorker();
        expectAsClean((await handle.result()) as RunReport, trial);
      });
    });

    for (const at of [2, 5]) {
      it(`loses and doubles nothing after kill -9 around edge ${at} that it publishes`, async () => {
        await lab.trial(async (trial) => {
          let edges = 0;
          const killed = new Promise<void>((resolve, reject) => {
            trial.proxy.onCall(({ method, path: called }) => {
              if (method !== 'PUT' || !called.includes('/lineage/')) return undefined;
              edges += 1;
              const then = (): Promise<void> => trial.worker.kill().then(resolve, reject);
              return edges === at ? { kind: 'answered', then } : undefined;
            });
          });
          const handle = await trial.start();
          await killed;
          await trial.startWorker();
          expectAsClean((await handle.result()) as RunReport, trial);
        });
      });
    }

    it('sends fewer edges at once when the server answers 429, and leaves nothing out', async () => {
      await lab.trial(async (trial) => {
        let asked = 0;
        trial.proxy.onCall(({ path: called }) => {
          if (!called.includes('/lineage/')) return undefined;
          asked += 1;
          // The client tries again by itself; only a lasting refusal reaches the workflow.
          return asked > 4 && asked <= 24
            ? { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
            : undefined;
        });
        const handle = await trial.start();
        expectAsClean((await handle.result()) as RunReport, trial);
        const history = await handle.fetchHistory();
        const lanes = (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
          const payload =
            scheduled?.activityType?.name === 'publishLineage' ? scheduled.input?.payloads?.[0]?.data : undefined;
          return payload === undefined || payload === null
            ? []
            : [(JSON.parse(Buffer.from(payload).toString('utf8')) as { lanes: number }).lanes];
        });
        expect(lanes.length).to.be.above(1);
        expect(lanes).to.deep.equal([...lanes].sort((left, right) => right - left));
        expect(lanes.at(-1)).to.be.below(lanes[0] ?? 0);
      });
    });
  });
});
