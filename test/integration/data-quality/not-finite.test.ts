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

    const LIMITS: Readonly<Record<string, readonly [min: string, max: string]>> = {
      columnValuesToBeBetween: ['minValue', 'maxValue'],
      columnValueMinToBeBetween: ['minValueForMinInCol', 'maxValueForMinInCol'],
      columnValueMaxToBeBetween: ['minValueForMaxInCol', 'maxValueForMaxInCol'],
      columnValueMeanToBeBetween: ['minValueForMeanInCol', 'maxValueForMeanInCol'],
      columnValueMedianToBeBetween: ['minValueForMedianInCol', 'maxValueForMedianInCol'],
      columnValueStdDevToBeBetween: ['minValueForStdDevInCol', 'maxValueForStdDevInCol'],
      columnValuesSumToBeBetween: ['minValueForColSum', 'maxValueForColSum'],
    };

    /** What tests with these limits find in a column of these values. */
    async function found(
      name: string,
      rows: readonly string[],
      limits: Readonly<Partial<Record<'min' | 'max', string>>>
    ): Promise<Readonly<Record<string, string>>> {
      const { dialect } = engine.source;
      const path = dialect.tablePath(engine.ref(name));
      await engine.run(`CREATE TABLE ${path} (${dialect.quote('level')} DOUBLE PRECISION)`);
      for (const row of rows) await engine.run(`INSERT INTO ${path} VALUES (${row})`);
      const cases = Object.entries(LIMITS).map(([definition, [min, max]]) =>
        makeCase(definition, definition, {
          column: 'level',
          parameterValues: [
            ...(limits.min === undefined ? [] : [{ name: min, value: limits.min }]),
            ...(limits.max === undefined ? [] : [{ name: max, value: limits.max }]),
          ],
        })
      );
      const facts = { fqn: `shop.default.main.${name}`, columns: [{ name: 'level', dataType: 'DOUBLE', tags: [] }] };
      const results = await runCases(engine, { table: engine.ref(name), isView: false }, facts, cases);
      return Object.fromEntries(
        results.map(({ testCase, outcome, failedRows }) => [
          testCase.name.replace(/^columnValues?|ToBeBetween$/g, '') || 'each',
          [
            outcome.status,
            ...(outcome.status === 'Aborted' ? [outcome.text] : []),
            ...(outcome.rows === undefined ? [] : [`${outcome.rows.failed} of ${outcome.rows.all}`]),
            ...(failedRows === undefined ? [] : [`shows ${failedRows.rows.length}`]),
            ...outcome.values.map(({ value }) => value),
          ].join(' '),
        ])
      );
    }

    it('are outside of limits, and no reason to judge nothing', async () => {
      const at = { min: '0', max: '5' };
      const above = await found('above', [values[0] ?? '', '1', '2'], at);
      expect(above).to.deep.include({
        ...{ each: 'Failed 1 of 3 shows 1 1 inf', Min: 'Success 1', Max: 'Failed inf', Mean: 'Failed inf' },
        ...{ Median: 'Success 2', Sum: 'Failed inf' },
      });
      expect(above['StdDev']).to.equal('Failed NaN');
      const below = await found('below', [values[1] ?? '', '1'], at);
      expect(below).to.deep.include({
        ...{ each: 'Failed 1 of 2 shows 1 -inf 1', Min: 'Failed -inf', Max: 'Success 1', Mean: 'Failed -inf' },
        ...{ Median: 'Failed -inf', Sum: 'Failed -inf' },
      });
      const both = await found('both', values.slice(0, 2), { min: '0' });
      expect(both).to.deep.include({
        Mean: 'Failed NaN',
        Median: 'Failed NaN',
        Sum: 'Failed NaN',
        StdDev: 'Failed NaN',
      });
      expect(await found('none', ['NULL'], at)).to.satisfy((seen: Readonly<Record<string, string>>) =>
        Object.values(seen).every((each) => each.startsWith('Aborted'))
      );
    });

    if (values.length > 2)
      it('are within no limit where they are NaN, of one side either', async () => {
        const nan = values[2] ?? '';
        const low = await found('low', [nan, '1', '2'], { min: '0' });
        expect(low).to.deep.include({ each: 'Failed 1 of 3 shows 1 1 NaN', Max: 'Failed NaN', Mean: 'Failed NaN' });
        const high = await found('high', [nan, '1', '2'], { max: '9' });
        expect(high).to.deep.include({ each: 'Failed 1 of 3 shows 1 1 NaN', Sum: 'Failed NaN', StdDev: 'Failed NaN' });
        expect(await found('all', [nan], { min: '0' })).to.deep.include({
          ...{ each: 'Failed 1 of 1 shows 1 NaN NaN', Median: 'Failed NaN' },
        });
      });
  });
}
