import type { FaultLab } from './fault-lab.js';
import type { MariadbSource } from './mariadb-source.js';
import { Dice, SEEDS } from './seeds.js';
import { mariadbLab } from './shared-lab.js';
import type { Trial } from './trial.js';

describe('A run whose source fails while it is read', function () {
  this.timeout(120_000);
  let lab: FaultLab<MariadbSource>;
  before(async () => {
    lab = await mariadbLab();
  });

  const faults: Readonly<Record<string, () => Promise<void>>> = {
    'kill -9 of MariaDB, which starts again': () => lab.source.mariadb.restart(),
    'KILL of its connections': async () => {
      const sessions = await lab.source.mariadb.query(
        `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = '${lab.source.mariadb.user}'`
      );
      for (const { id } of sessions) await lab.source.mariadb.query(`KILL ${String(id)}`).catch(() => undefined);
    },
  };

  /** Holds the worker still, so that the fault meets it where the seed says. */
  const whileFrozen = async (
    trial: Trial,
    fault: () => Promise<void>
  ): Promise<Awaited<ReturnType<Trial['snapshot']>>> => {
    trial.worker.freeze();
    const snapshot = await trial.snapshot();
    await fault();
    await trial.markReads();
    trial.worker.thaw();
    return snapshot;
  };

  for (const [name, fault] of Object.entries(faults)) {
    for (const seed of SEEDS) {
      it(`goes on behind the last chunk after ${name} (seed ${seed})`, async () => {
        const chunks = new Dice(seed, name).number(1, lab.source.chunks - 1);
        await lab.trial(`${name.startsWith('kill') ? 'mariadb' : 'sessions'}-${seed}`, async (trial) => {
          await trial.untilChunks(chunks);
          const snapshot = await whileFrozen(trial, fault);
          await lab.expectAsClean(trial);
          await trial.expectNotReadAgain(snapshot);
        });
      });
    }
  }
});
