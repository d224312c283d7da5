import { expect } from 'chai';
import { compileMeasures, Measuring, partitionOf } from '../../../src/measures/index.js';
import type { Measure } from '../../../src/sources/index.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';

/** Doubles of up to 17 characters, which a driver could read itself, and those that are written longest. */
const DOUBLES = [
  964842217.6518505, 87978646.24110855, 985.7239990234375, 0.1, -4.7037748508162094e-101, -3.0078064052623303e-15,
  -2.2250738585072014e-308, 1.7976931348623157e308, -123456789012345.67,
];
const FLOATS = [985.7239990234375, -1.1754943508222875e-38, 3.4028234663852886e38];

for (const kind of [ENGINES.sqlite, ENGINES.mariadb, ENGINES.postgres]) {
  describe(`Doubles of ${kind.name}`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const path = engine.source.dialect.tablePath(engine.ref('doubles'));
      const single = kind === ENGINES.mariadb ? 'FLOAT' : 'REAL';
      await engine.run(`CREATE TABLE ${path} (g VARCHAR(9), d DOUBLE PRECISION, f ${single})`);
      for (const [at, double] of DOUBLES.entries())
        await engine.run(`INSERT INTO ${path} VALUES ('g${at}', ${double}, ${FLOATS[at] ?? 'NULL'})`);
    });
    after(() => engine?.stop());

    const column = (name: 'd' | 'f') => ({ name, dataType: name === 'd' ? ('DOUBLE' as const) : ('FLOAT' as const) });

    async function taken(measures: readonly Measure[], where?: number): Promise<unknown[]> {
      const { source, context } = engine;
      const session = await source.session(context);
      try {
        const group = { name: 'g', dataType: 'VARCHAR' } as const;
        const rows = {
          ...{ table: engine.ref('doubles'), isView: false },
          ...(where === undefined ? {} : { where: { op: 'in', column: group, values: [`g${where}`] } as const }),
        };
        const asks = measures.map((measure, at) => ({ key: String(at), measure }));
        const measuring = new Measuring(session, { signal: context.signal });
        const { values, problems } = await measuring.take(compileMeasures(source.dialect, rows, asks), 'SELECT 1');
        expect([...problems]).to.deep.equal([]);
        return measures.map((_, at) => values.get(String(at)));
      } finally {
        await session.close();
      }
    }

    it('are the smallest, the largest and the quartiles as they are', async () => {
      const of = (name: 'd' | 'f'): Measure[] => [
        { of: 'min', column: column(name) },
        { of: 'max', column: column(name) },
        { of: 'percentile', column: column(name), fraction: 0.25 },
        { of: 'percentile', column: column(name), fraction: 0.75 },
      ];
      for (const [at, double] of DOUBLES.entries()) {
        const single = FLOATS[at];
        // both at once: quartiles of several columns come from a UNION
        const found = await taken([...of('d'), ...of('f')], at);
        expect(found.slice(0, 4)).to.deep.equal([double, double, double, double]);
        expect(found.slice(4).map((value) => value ?? undefined)).to.deep.equal([single, single, single, single]);
      }
    });

    it('that are equal have no deviation; what is not finite has none that is a number', async () => {
      const path = engine.source.dialect.tablePath(engine.ref('equal'));
      await engine.run(`CREATE TABLE ${path} (d DOUBLE PRECISION, n DOUBLE PRECISION)`);
      for (let row = 0; row < 20; row += 1) await engine.run(`INSERT INTO ${path} VALUES (0.1, 123456.789)`);
      const { source, context } = engine;
      const session = await source.session(context);
      const deviation = async (value: string): Promise<number> => {
        const sql = source.dialect.expression({ of: 'stddev', column: { name: value, dataType: 'DOUBLE' } });
        const { rows } = await session.query(`SELECT ${sql} FROM ${path}`, 1);
        return Number(rows[0]?.[0]);
      };
      try {
        expect([await deviation('d'), await deviation('n')]).to.deep.equal([0, 0]);
        if (kind !== ENGINES.postgres) return;
        await engine.run(`UPDATE ${path} SET d = 'NaN', n = 'Infinity'`);
        expect([await deviation('d'), await deviation('n')]).to.deep.equal([NaN, NaN]);
      } finally {
        await session.close();
      }
    });

    it('of 32 bits are found by a partition as they are written', async () => {
      const path = engine.source.dialect.tablePath(engine.ref('singles'));
      const single = kind === ENGINES.mariadb ? 'FLOAT' : 'REAL';
      await engine.run(`CREATE TABLE ${path} (f ${single})`);
      await engine.run(`INSERT INTO ${path} VALUES (3.1), (3.1), (-0.7), (16777216), (3.2), (NULL)`);
      const counted = async (...partitionValues: unknown[]): Promise<number> => {
        const keys = { partitionColumnName: 'f', partitionIntervalType: 'COLUMN-VALUE', partitionValues };
        const { dialect } = engine.source;
        const partition = partitionOf(keys, [column('f')], 0, 'singles', dialect);
        const rows = { table: engine.ref('singles'), isView: false, ...(partition && { where: partition.where }) };
        return Number(await engine.scalar(`SELECT COUNT(*) ${dialect.from(rows, 'all')}`));
      };
      expect(await counted('3.1')).to.equal(2);
      expect(await counted(3.1)).to.equal(2);
      expect(await counted('-0.70', '16777216', 1e300)).to.equal(2);
      expect(await counted('3.15')).to.equal(0);
      expect(await counted(1e300)).to.equal(0);
    });

    it('are in rows as they are', async () => {
      const { source, context } = engine;
      const session = await source.session(context);
      try {
        const path = source.dialect.tablePath(engine.ref('doubles'));
        const rows = await session.rows(`SELECT ${source.dialect.shown(column('d'))} FROM ${path} ORDER BY g`);
        expect(rows.map(([cell]) => cell)).to.deep.equal(DOUBLES);
      } finally {
        await session.close();
      }
    });
  });
}
