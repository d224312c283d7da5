import type { FaultLab, Trial } from './fault-lab.js';
import { Dice, SEEDS } from './seeds.js';
import { sharedLab } from './shared-lab.js';

/** Chunks that the warehouse is extracted into. */
const CHUNKS = 5;

describe('A run whose source fails while it is read', function () {
  this.timeout(120_000);
  let lab: FaultLab;
  before(async () => {
    lab = await sharedLab();
  });

  const faults: Readonly<Record<string, () => Promise<void>>> = {
    'kill -9 of MariaDB, which starts again': () => lab.mariadb.restart(),
    'KILL of its connections': async () => {
      const sessions = await lab.mariadb.query(
        `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = '${lab.mariadb.user}'`
      );
      for (const { id } of sessions) await lab.mariadb.query(`KILL ${String(id)}`).catch(() => undefined);
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
    await trial.markLog();
    trial.worker.thaw();
    return snapshot;
  };

  for (const [name, fault] of Object.entries(faults)) {
    for (const seed of SEEDS) {
      it(`goes on behind the last chunk after ${name} (seed ${seed})`, async () => {
        const chunks = new Dice(seed, name).number(1, CHUNKS - 1);
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
