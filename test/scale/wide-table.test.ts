import { expect } from 'chai';
import { compileMeasures, Measuring, probeSql } from '../../src/measures/index.js';
import { ENGINES } from '../integration/data-quality/engines.js';
import { asksOf, expectMeasures } from '../integration/measures/independent.js';

const WIDTH = 5_000;

/** The emulator takes minutes for what Snowflake takes seconds for: each statement is rewritten in Python. */
describe('A table of 5,000 columns in the Snowflake emulator', function () {
  this.timeout(1_200_000);

  it('is measured whole, in statements that are cut alike', async () => {
    const engine = await ENGINES.snowflake.start();
    try {
      const names = Array.from({ length: WIDTH }, (_, at) => `C${at}`);
      await engine.run(`CREATE TABLE SHOP.RAW.WIDE (${names.map((name) => `${name} INT`).join(', ')})`);
      for (const values of [names.map((_, at) => at), names.map(() => 'NULL')])
        await engine.run(`INSERT INTO SHOP.RAW.WIDE VALUES (${values.join(', ')})`);
      const rows = { table: engine.ref('WIDE'), isView: false };
      const asks = names.flatMap((name) => asksOf({ name, dataType: 'DECIMAL' }, 'value'));
      const compiled = compileMeasures(engine.source.dialect, rows, asks);
      const session = await engine.source.session(engine.context);
      const measuring = new Measuring(session, { signal: engine.context.signal });
      const { values, problems } = await measuring.take(compiled, probeSql(engine.source.dialect, rows));
      expect([...problems]).to.deep.equal([]);
      for (const [at, name] of names.entries())
        expectMeasures(values, name, { identities: [String(at)], amounts: [at] });
      expect(compiled.statements.length).to.be.at.most(100);
    } finally {
      await engine.stop();
    }
  });
});
