import { expect } from 'chai';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { planOfColumn, profiledOn } from './profiled-column.js';

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

    for (const metrics of [['sum'], ['min', 'max', 'mean', 'stddev', 'sum']])
      it(`are told alike by every run that asks for ${metrics.join(', ')}`, async () => {
        const table = `huge${metrics.length}`;
        const path = engine.source.dialect.tablePath(engine.ref(table));
        await engine.run(`CREATE TABLE ${path} (huge DOUBLE PRECISION)`);
        await engine.run(`INSERT INTO ${path} VALUES (1.7e308), (1.6e308), (1.5e308)`);
        const column = { name: 'huge', dataType: 'DOUBLE' } as const;
        const plan = planOfColumn(engine, table, column, ['valuesCount', ...metrics]);
        let suspects: readonly string[] = [];
        for (const run of ['first', 'second', 'third']) {
          const found = await profiledOn(engine, plan, suspects);
          expect(describeProblems(plan, found.missing), run).to.deep.equal([`column huge has no sum: ${BEYOND}`]);
          const [profile] = found.request.columnProfile ?? [];
          if (metrics.includes('mean')) expect(profile?.mean, run).to.be.closeTo(1.6e308, 1e294);
          ({ suspects } = found);
        }
      });
  });
}
