import { expect } from 'chai';
import type { RunReport } from '../../src/report/index.js';
import type { ProxyFault } from '../services/fault-proxy.js';
import type { FaultLab } from './fault-lab.js';
import { Dice, SEEDS } from './seeds.js';
import { describeWithEachLab } from './shared-lab.js';
import type { ManifestSnapshot } from './trial.js';

describeWithEachLab('A run whose catalog fails', function ({ open, whole }) {
  this.timeout(240_000);
  let lab: FaultLab;
  before(async () => {
    lab = await open();
  });

  /** What happens to how many calls in a row. */
  const faults: Readonly<Record<string, { calls: number; fault: ProxyFault }>> = {
    'answers 429 with Retry-After': {
      calls: 6,
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    },
    'answers 500': { calls: 6, fault: { kind: 'status', status: 500 } },
    'answers three seconds late': { calls: 2, fault: { kind: 'slow', ms: 3_000 } },
    'resets the connection after it has done what was asked': { calls: 2, fault: { kind: 'reset after commit' } },
    'cuts its answer short': { calls: 2, fault: { kind: 'truncate' } },
    'is restarted behind an ingress, which answers in its place': { calls: 2, fault: { kind: 'no backend' } },
  };

  /** Answers the client gets over by itself, and rows that are refused, are the same whatever is read. */
  const MARIADB_ONLY = [
    'answers three seconds late',
    'cuts its answer short',
    'is restarted behind an ingress, which answers in its place',
  ];
  for (const [index, [name, { calls, fault }]] of Object.entries(faults).entries()) {
    if (!whole && MARIADB_ONLY.includes(name)) continue;
    // With each source, but not all again: a seed for each fault.
    for (const seed of whole ? SEEDS : SEEDS.slice(index % SEEDS.length).slice(0, 1)) {
      it(`ends as if nothing had been when it ${name} (seed ${seed})`, async () => {
        // The status at the very end is not repeated for ever: without it the report says so.
        const last = new Dice(seed, name).number(1, lab.clean.calls - 2 * calls - 1);
        await lab.trial(`${name.replaceAll(/\W+/g, '-')}-${seed}`, async (trial) => {
          let met = 0;
          const snapshot = new Promise<ManifestSnapshot>((resolve, reject) => {
            const then = async (): Promise<void> => {
              const taken = await trial.snapshot();
              await trial.markReads();
              resolve(taken);
            };
            trial.proxy.onCall(({ n, method, path }) => {
              // The last call before the fault shows what is staged by then.
              if (n === last) return { kind: 'before', then: () => then().catch(reject) };
              // Making the service or the pipeline is a POST, which is never repeated blindly; this run finds both
              // there.
              if (n <= last || n > last + calls || method === 'POST') return undefined;
              met += path.length > 0 ? 1 : 0;
              return fault;
            });
          });
          await lab.expectAsClean(trial);
          expect(met).to.be.above(0);
          await trial.expectNotReadAgain(await snapshot);
        });
      });
    }
  }

  for (const seed of whole ? SEEDS : []) {
    it(`reports exactly the rows of a bulk call that were refused, and mends them in the next run (seed ${seed})`, async () => {
      const digit = String(new Dice(seed, 'refused rows').number(0, 9));
      const refused = new Set<string>();
      await lab.trial(`refused-${seed}`, async (trial) => {
        trial.proxy.onCall(({ method, path }) =>
          method === 'PUT' && path.startsWith('/api/v1/tables/bulk')
            ? {
                kind: 'refuse rows',
                message: 'the test does not like this row',
                refuses: (row) => {
                  const { name, databaseSchema } = row as { name: string; databaseSchema: string };
                  const bad = name.startsWith('t') && name.endsWith(digit);
                  if (bad) refused.add(`${databaseSchema}.${name}`);
                  return bad;
                },
              }
            : undefined
        );
        const first = (await trial.handle.result()) as RunReport;
        const sink = first.steps[1];
        expect(first.state).to.equal('partialSuccess');
        expect(refused.size).to.be.above(5);
        expect(sink?.failures.map(({ entity }) => entity).sort()).to.deep.equal([...refused].sort());
        expect(sink?.errors).to.equal(refused.size);
        const [status] = await trial.statuses();
        expect(status?.pipelineState).to.equal('partialSuccess');
        expect(status?.status?.[1]?.errors).to.equal(refused.size);
        trial.proxy.onCall(() => undefined);
        const again = await trial.start();
        const second = (await again.result()) as RunReport;
        expect(second.state).to.equal('success');
        // Nothing is sent but what was refused.
        expect(second.steps[1]).to.include({ records: refused.size, errors: 0 });
        expect((await trial.outcome(second)).catalog).to.deep.equal(lab.clean.catalog);
        expect(trial.staged()).to.deep.equal([]);
      });
    });
  }
});
