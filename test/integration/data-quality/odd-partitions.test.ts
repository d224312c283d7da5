import { expect } from 'chai';
import type { RowSet } from '../../../src/sources/index.js';
import { ENGINES } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

for (const [type, { name, available, start }] of Object.entries(ENGINES))
  describe(`Tests of odd partitions and columns (${name})`, () => {
    it('say that a column has no times, and whose rows can not be read', async function () {
      if (!available()) this.skip();
      this.timeout(60_000);
      const engine = await start();
      try {
        const { source } = engine;
        const table = engine.ref('T');
        const path = source.dialect.tablePath(table);
        const [e, d] = [source.dialect.quote('E'), source.dialect.quote('D')];
        await engine.run(`CREATE TABLE ${path} (${e} BIGINT, ${d} DATE)`);
        await engine.run(`INSERT INTO ${path} VALUES (${Date.UTC(2026, 10, 20) / 1000}, '2026-11-20')`);
        const columns = [
          { name: 'E', dataType: 'BIGINT', tags: [] },
          { name: 'D', dataType: 'DATE', tags: [] },
        ];
        const facts = { fqn: 's.d.m.T', columns };
        const since = (columnName: string) =>
          makeCase('tableRowInsertedCountToBeBetween', columnName, {
            parameterValues: Object.entries({ columnName, rangeType: 'DAY', rangeInterval: '1', min: '1' }).map(
              ([each, value]) => ({ name: each, value })
            ),
          });
        const count = makeCase('tableRowCountToBeBetween', 'count', {
          parameterValues: [{ name: 'minValue', value: '1' }],
        });
        const [byNumber, byDate, counted] = await runCases(engine, { table, isView: false }, facts, [
          ...[since('E'), since('D'), count],
        ]);
        expect(counted?.outcome.status).to.equal('Success');
        expect(byDate?.outcome.text).to.include('Found insertedRows=0');
        if (type === 'sqlite') expect(byNumber?.outcome.text).to.include('Found insertedRows=0');
        else
          expect(byNumber?.outcome).to.deep.include({
            status: 'Aborted',
            text: 'Error computing E: parameter columnName is "E", a column of BIGINT, which has no times with a date; name one of dates or timestamps.',
          });
        if (type !== 'postgres') return;
        const where = { op: 'in', column: { name: 'D', dataType: 'DATE' }, values: ['2026-13-45'] } as const;
        const part: RowSet = { table, isView: false, where };
        const [refused] = await runCases(engine, part, facts, [count]);
        expect(refused?.outcome.status).to.equal('Aborted');
        expect(refused?.outcome.text)
          .to.match(/The rows of the partition of T by D can't be read: PostgreSQL .* failed \(22008\)/)
          .and.include('mend partitionConfig');
      } finally {
        await engine.stop();
      }
    });
  });
