import { expect } from 'chai';
import type { TableFacts } from '../../../src/data-quality/index.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

const FACTS: TableFacts = {
  fqn: 'shop.default.main.readings',
  columns: [
    { name: 'level', dataType: 'DOUBLE', tags: [] },
    { name: 'who', dataType: 'VARCHAR', tags: [] },
  ],
};
/** MariaDB has no such values. */
const VALUES = new Map([
  [ENGINES.sqlite, ['9e999', '-9e999']],
  [ENGINES.postgres, ["'Infinity'", "'-Infinity'", "'NaN'"]],
  [ENGINES.snowflake, ["'inf'", "'-inf'", "'NaN'"]],
]);

for (const [kind, values] of VALUES) {
  describe(`Infinities and NaN in tests on ${kind.name}`, () => {
    let engine: Engine;

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      const path = dialect.tablePath(engine.ref('readings'));
      await engine.run(
        `CREATE TABLE ${path} (${dialect.quote('level')} DOUBLE PRECISION, ${dialect.quote('who')} VARCHAR(9))`
      );
      const rows = ['NULL', '191045.25033492176', ...values].map((value) => `(${value}, NULL)`);
      for (const row of rows) await engine.run(`INSERT INTO ${path} VALUES ${row}`);
    });
    after(() => engine?.stop());

    it('are neither NULL nor each other, in failed rows and dimensions', async () => {
      const cases = [
        makeCase('columnValuesToBeNotNull', 'filled', {
          column: 'who',
          dimensionColumns: ['level'],
          topDimensions: 9,
        }),
      ];
      const [found] = await runCases(engine, { table: engine.ref('readings'), isView: false }, FACTS, cases);
      const shown = JSON.parse(JSON.stringify(found?.failedRows?.rows.map(([level]) => level))) as unknown[];
      expect(shown).to.have.length(values.length + 2);
      expect(new Set(shown), 'each is another').to.have.lengthOf(values.length + 2);
      expect(shown).to.include.members([null, 191045.25033492176]);
      expect(found?.dimensions?.map(({ failedRows }) => failedRows)).to.deep.equal(shown.map(() => 1));
    });
  });
}
