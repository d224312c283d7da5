import { expect } from 'chai';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { frequenciesOf } from './independent-frequencies.js';
import { planOfColumn, profiledOn } from './profiled-column.js';

/** A name, a power of two, and whole numbers that are times as large. */
type Column = readonly [name: string, power: number, steps: readonly number[]];

const STEPS = [-6, -4, -1, 1, 2, 3, 4, 7];
const COLUMNS: readonly Column[] = [
  ['NEAR_THE_END', 1020, STEPS],
  // their range is no double
  ['RANGE', 1021, STEPS],
  // nor is that of the quartiles
  ['QUARTILES', 1021, [-7, -7, -6, -6, 6, 6, 7, 7]],
  // nor is twice that of the quartiles, of positive numbers alone
  ['POSITIVE', 1020, [0, 0, 1, 1, 13, 13, 14, 15]],
  ['MANY', 1020, Array.from({ length: 27 }, (_, at) => at - 13)],
  ['ONE_FAR', 1019, [-25, ...Array.from({ length: 25 }, (_, at) => at % 6), 25]],
  // the smallest doubles
  ['TINY', -1064, Array.from({ length: 27 }, (_, at) => at % 13)],
  // close together for their size, so that their differences are measured
  ['CLOSE', -340, STEPS.map((each) => 2 ** 28 + each)],
];

for (const kind of [ENGINES.sqlite, ENGINES.mariadb, ENGINES.postgres, ENGINES.snowflake]) {
  describe(`Histograms of the largest and the smallest doubles of ${kind.name}`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
    });
    after(() => engine?.stop());

    for (const [name, power, steps] of COLUMNS)
      it(`have the bins of Freedman and Diaconis, and each value in its own: ${name}`, async () => {
        const { source } = engine;
        const ref = engine.ref(name);
        const path = source.dialect.tablePath(ref);
        await engine.run(`CREATE TABLE ${path} (${source.dialect.quote(name)} DOUBLE PRECISION)`);
        const values = steps.map((each) => each * 2 ** power);
        await engine.run(`INSERT INTO ${path} VALUES ${values.map((each) => `(${each})`).join(', ')}`);
        const profiled = await profiledOn(
          engine,
          planOfColumn(engine, name, { name, dataType: 'DOUBLE' }, ['histogram', 'min', 'max'])
        );
        const [profile] = profiled.request.columnProfile ?? [];
        expect([...profiled.missing]).to.deep.equal([]);
        expect(profile?.histogram?.frequencies).to.deep.equal(frequenciesOf(steps.map(BigInt)));
        expect(profile?.histogram?.boundaries).to.have.length(profile?.histogram?.frequencies.length ?? 0);
        expect(profile?.histogram?.boundaries.join()).not.to.match(/Infinity|NaN/);
        expect([profile?.min, profile?.max]).to.deep.equal([Math.min(...values), Math.max(...values)]);
      });
  });
}
