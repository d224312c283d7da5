import { expect } from 'chai';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

for (const kind of [ENGINES.mariadb, ENGINES.postgres]) {
  describe(`Failed rows of a table with a column that can't be read (${kind.name})`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const path = engine.source.dialect.tablePath(engine.ref('t'));
      await engine.run(`CREATE TABLE ${path} (a INT, b INT)`);
      await engine.run(`INSERT INTO ${path} VALUES (1, 2), (NULL, 3)`);
    });
    after(() => engine?.stop());

    it('are there without it, and it is asked for once', async () => {
      const names = ['a', 'gone', 'b'];
      const columns = names.map((name) => ({ name, dataType: 'INT', constraint: undefined, tags: [] }));
      const warnings: string[] = [];
      const sent: string[] = [];
      const found = await runCases(
        engine,
        { table: engine.ref('t'), isView: false },
        { fqn: 'shop.default.main.t', columns },
        ['one', 'two'].map((name) => makeCase('columnValuesToBeNotNull', name, { column: 'a' })),
        { onWarning: (text) => void warnings.push(text), onSql: (sql) => void sent.push(sql) }
      );
      for (const { failedRows } of found)
        expect([failedRows?.columns, failedRows?.rows]).to.deep.equal([['a', 'b'], [[null, 3]]]);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/one: its failed rows, and those of the table's other tests, lack gone: /);
      expect(
        sent.filter((sql) => sql.includes('gone')),
        'the source names it'
      ).to.have.length(1);
    });
  });
}
