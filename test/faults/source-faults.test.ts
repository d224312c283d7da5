import { expect } from 'chai';
import type { RunReport } from '../../src/report/index.js';
import { dumpCatalog } from '../services/catalog-dump.js';
import type { FaultLab } from './fault-lab.js';
import type { MariadbSource } from './mariadb-source.js';
import type { PostgresSource } from './postgres-source.js';
import { Dice, SEEDS } from './seeds.js';
import { describeWithEachLab, postgresLab } from './shared-lab.js';
import type { Trial } from './trial.js';

/** Holds the worker still, so that the fault meets it where the seed says. */
async function whileFrozen(trial: Trial, fault: () => Promise<void>): Promise<Awaited<ReturnType<Trial['snapshot']>>> {
  trial.worker.freeze();
  const snapshot = await trial.snapshot();
  await fault();
  await trial.markReads();
  trial.worker.thaw();
  return snapshot;
}

describeWithEachLab('A run whose source fails while it is read', function ({ source, open }) {
  // Snowflake's own are in snowflake-faults.test.ts.
  if (source === 'Snowflake') return;
  this.timeout(240_000);
  let lab: FaultLab<MariadbSource | PostgresSource>;
  before(async () => {
    lab = (await open()) as typeof lab;
  });

  const faults: Readonly<Record<string, () => Promise<void>>> = {
    'kill -9 of the server, which starts again': () => lab.source.crash(),
    'the end of its connections': () => lab.source.endSessions(),
  };
  for (const [name, fault] of Object.entries(faults)) {
    for (const seed of SEEDS) {
      it(`resumes from the last chunk after ${name} (seed ${seed})`, async () => {
        const chunks = new Dice(seed, name).number(1, lab.source.chunks - 1);
        await lab.trial(`${name.startsWith('kill') ? 'server' : 'sessions'}-${seed}`, async (trial) => {
          await trial.untilChunks(chunks);
          const snapshot = await whileFrozen(trial, fault);
          await lab.expectAsClean(trial);
          await trial.expectNotReadAgain(snapshot);
        });
      });
    }
  }
});

describe('A run whose PostgreSQL takes its rights away while it is read', function () {
  this.timeout(240_000);
  let lab: FaultLab<PostgresSource>;
  before(async () => {
    lab = await postgresLab();
  });

  it('marks nothing deleted, names the GRANT, and the next one does all of it', async () => {
    const { postgres } = lab.source;
    await lab.trial('revoked', async (trial) => {
      await trial.untilChunks(1);
      await whileFrozen(trial, async () => {
        await postgres.query('REVOKE CONNECT ON DATABASE lab FROM PUBLIC');
        await lab.source.endSessions();
      });
      const ended = await trial.handle.result().then(
        (report) => JSON.stringify(report),
        (error: unknown) => JSON.stringify(error) + String((error as { cause?: unknown }).cause)
      );
      expect(ended).to.include('GRANT CONNECT ON DATABASE ');
      expect(Object.keys(dumpCatalog(trial.catalogFile)).filter((key) => key.endsWith('(deleted)'))).to.deep.equal([]);
      await postgres.query('GRANT CONNECT ON DATABASE lab TO PUBLIC');
      const report = (await (await trial.start('revoked-again')).result()) as RunReport;
      expect((await trial.outcome(report)).catalog).to.deep.equal(lab.clean.catalog);
    });
  });
});
