import { expect } from 'chai';
import { STAGES } from '../../../src/contract/stage-names.js';
import type { StagingStore } from '../../../src/staging/index.js';
import type { TemporaryStore } from '../metadata/temporary-store.js';
import { attempt, entriesOf, lastLine, outcomeOf, type MakeCase, type StageCase } from './killed-stage.js';
import { closeSharedCatalog } from './shared-catalog.js';
import * as lineage from './lineage-cases.js';
import * as quality from './quality-cases.js';
import * as metadata from './metadata-cases.js';
import * as profiler from './profiler-cases.js';
import * as usage from './usage-cases.js';
import { usageLog } from './usage-log-cases.js';

type StageId = keyof typeof STAGES;
type CaseName = StageId | keyof typeof usageLog;

/**
 * A new stage adds a line; one that is forgotten fails below. Kinds that read and parse a log each in its own way have
 * a case each.
 */
const CASES: Readonly<Record<CaseName, MakeCase | 'a single entry'>> = {
  prepare: 'a single entry',
  profiledTables: 'a single entry',
  profileUnits: 'a single entry',
  rememberedProfiles: 'a single entry',
  ...metadata,
  ...lineage,
  ...profiler,
  ...usage,
  ...quality,
  ...usageLog,
};

/** Stages that list what a source has. */
const READ_A_SOURCE: ReadonlySet<CaseName> = new Set([
  'scopes',
  'extract',
  'views',
  'windows',
  'queries',
  'queries of usage',
  'tests',
]);

/** What every stage keeps to, however often it is killed. @param only those stages; default: all */
export function describeEveryStage(
  where: string,
  openStore: () => Promise<TemporaryStore>,
  only = Object.keys(CASES) as CaseName[]
): void {
  describe(`Every stage ${where}`, () => {
    let temporary: TemporaryStore;
    let store: StagingStore;
    let runs = 0;

    before(async () => {
      temporary = await openStore();
      store = temporary.store;
    });
    after(async () => {
      await closeSharedCatalog();
      await temporary.remove();
    });

    const open = (make: MakeCase): Promise<StageCase> => {
      runs += 1;
      return make(store, `run${runs}`);
    };
    const within = async <T>(make: MakeCase, work: (made: StageCase) => Promise<T>): Promise<T> => {
      const made = await open(make);
      try {
        return await work(made);
      } finally {
        await made.close?.();
      }
    };
    const whole = (make: MakeCase): Promise<{ outcome: unknown; entries: number }> =>
      within(make, async (made) => {
        await attempt(store, made);
        return { outcome: await outcomeOf(store, made.to), entries: (await entriesOf(store, made.to)).length };
      });

    for (const name of only) {
      const make = CASES[name];
      if (make === 'a single entry') continue;

      describe(name in STAGES ? STAGES[name as StageId] : name, () => {
        it('gives the same manifest and counts when it is killed after any of its chunks', async () => {
          expect(make, `a case for the stage ${name}`).to.be.a('function');
          const { outcome, entries } = await whole(make);
          expect(entries, 'entries').to.be.at.least(3);
          for (let behind = 1; behind <= entries; behind += 1) {
            const killed = await within(make, async (made) => {
              await attempt(store, made, behind);
              await attempt(store, made);
              return outcomeOf(store, made.to);
            });
            expect(killed, `killed behind entry ${behind}`).to.deep.equal(outcome);
          }
        });

        it('gives them when every attempt is killed after its first chunk', async () => {
          const { outcome, entries } = await whole(make);
          const killed = await within(make, async (made) => {
            for (let n = 0; n < entries; n += 1) await attempt(store, made, 1);
            await attempt(store, made);
            return outcomeOf(store, made.to);
          });
          expect(killed).to.deep.equal(outcome);
        });

        // The others read staged chunks, which lose no record.
        if (!READ_A_SOURCE.has(name)) return;
        it('gives them when the record that was staged last is gone before the next attempt', async () => {
          const { outcome, entries } = await whole(make);
          for (let behind = 1; behind < entries; behind += 1) {
            const vanished = await within(make, async (made) => {
              await attempt(store, made, behind);
              if (made.vanish === undefined) throw new Error(`${name} has no way to lose a record`);
              made.vanish(await lastLine(store, made.to));
              await attempt(store, made);
              return outcomeOf(store, made.to);
            });
            expect(vanished, `killed behind entry ${behind}`).to.deep.equal(outcome);
          }
        });
      });
    }
  });
}
