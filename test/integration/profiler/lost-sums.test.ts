import { expect } from 'chai';
import { Measuring } from '../../../src/measures/index.js';
import { profileTable, type ProfiledTable } from '../../../src/profiler/index.js';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';

const BEYOND = 'beyond what OpenMetadata holds, a double';

for (const kind of [ENGINES.sqlite, ENGINES.mariadb, ENGINES.postgres]) {
  describe(`Sums that leave doubles on ${kind.name}`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
    });
    after(() => engine?.stop());

    async function profiled(plan: TablePlan, suspects: readonly string[]): Promise<ProfiledTable> {
      const { source, context } = engine;
      const session = await source.session(context);
      try {
        return await profileTable(plan, {
          ...{ dialect: source.dialect, measuring: new Measuring(session, { signal: context.signal }) },
          ...{ facts: { table: 't', isView: false }, timestamp: 1, suspects: new Set(suspects) },
        });
      } finally {
        await session.close();
      }
    }

    for (const metrics of [['sum'], ['min', 'max', 'mean', 'stddev', 'sum']])
      it(`are told alike by every run that asks for ${metrics.join(', ')}`, async () => {
        const ref = engine.ref(`huge${metrics.length}`);
        const path = engine.source.dialect.tablePath(ref);
        await engine.run(`CREATE TABLE ${path} (huge DOUBLE PRECISION)`);
        await engine.run(`INSERT INTO ${path} VALUES (1.7e308), (1.6e308), (1.5e308)`);
        const plan: TablePlan = {
          ...{ id: '1', fqn: 's.t', tableMetrics: [], customMetrics: [] },
          rows: { table: ref, isView: false },
          columns: [
            {
              ...{ column: { name: 'huge', dataType: 'DOUBLE' }, catalogName: 'huge', kind: 'number' as const },
              ...{ metrics: ['valuesCount', ...metrics], customMetrics: [] },
            },
          ],
          ...{ approximatePercentiles: false, approximateDistinct: false, movesWithTime: false },
        };
        let suspects: readonly string[] = [];
        for (const run of ['first', 'second', 'third']) {
          const found = await profiled(plan, suspects);
          expect(describeProblems(plan, found.missing), run).to.deep.equal([`column huge has no sum: ${BEYOND}`]);
          const [profile] = found.request.columnProfile ?? [];
          if (metrics.includes('mean')) expect(profile?.mean, run).to.be.closeTo(1.6e308, 1e294);
          ({ suspects } = found);
        }
      });
  });
}
