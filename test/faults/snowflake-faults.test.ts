import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { FaultLab } from './fault-lab.js';
import { Dice, SEEDS } from './seeds.js';
import { snowflakeLab } from './shared-lab.js';
import type { SnowflakeSource } from './snowflake-source.js';
import type { ManifestSnapshot } from './trial.js';

/** Seconds without a next row after which the connector gives a connection up. */
const NETWORK_TIMEOUT = '3';

/**
 * The emulator holds its data in memory, so it is not killed: what a restart of the service means to a run is that its
 * sessions are gone.
 */
describe('A run whose Snowflake fails while it is read', function () {
  this.timeout(240_000);
  let lab: FaultLab<SnowflakeSource>;
  before(async () => {
    lab = await snowflakeLab();
  });

  for (const seed of SEEDS) {
    it(`resumes from the last chunk when its connections were cut in the middle of a result (seed ${seed})`, async () => {
      const { proxy } = lab.source;
      // Of both schemas' lists, ten rows a download.
      const download = new Dice(seed, 'cut').number(3, 30);
      const run = async (trial: Parameters<Parameters<typeof lab.trial>[1]>[0]): Promise<void> => {
        const snapshot = await new Promise<ManifestSnapshot>((resolve, reject) => {
          let seen = 0;
          proxy.onRequest((line) => {
            if (!line.startsWith('GET /chunks/')) return;
            seen += 1;
            if (seen !== download) return;
            proxy.cut();
            trial.snapshot().then(resolve, reject);
          });
        });
        await trial.markReads();
        // Longer than the driver alone would wait for it: the attempt ends, and the next ones find nobody.
        await sleep(Number(NETWORK_TIMEOUT) * 1_000 + 1_000);
        proxy.mend();
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
        await expectAnotherAttempt();
      };
      try {
        await lab.trial(`cut-${seed}`, run, { LAB_NETWORK_TIMEOUT: NETWORK_TIMEOUT });
      } finally {
        proxy.onRequest(() => undefined);
        proxy.mend();
      }
    });

    it(`resumes from the last chunk when the service forgot all sessions (seed ${seed})`, async () => {
      const chunks = new Dice(seed, 'sessions').number(1, lab.source.chunks - 1);
      await lab.trial(`forgotten-${seed}`, async (trial) => {
        await trial.untilChunks(chunks);
        trial.worker.freeze();
        const snapshot = await trial.snapshot();
        await lab.source.fakesnow.endSessions();
        await trial.markReads();
        trial.worker.thaw();
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
        await expectAnotherAttempt();
      });
    });
  }

  /** Behind the fault only the search for deleted tables logs in, unless extraction had to begin again. */
  async function expectAnotherAttempt(): Promise<void> {
    expect(await lab.source.logins()).to.be.at.least(2);
  }
});
