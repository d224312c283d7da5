import { expect } from 'chai';
import { DiffLab, tableOf } from './diff-lab.js';
import { ENGINES, type Engine } from './engines.js';

const SINGLES = [
  16777216,
  16777222,
  123456.79,
  3.1415927,
  1 / 3,
  -1 / 3,
  0.1,
  1e-45,
  3.4028234663852886e38,
  -0,
  2.5e-6,
];
/** Their shortest digits end between two doubles, or there are more than one of the same length. */
const WHOLES = [
  ...[49959004458254656, 2.768501961688469e16, -7.64345135841494e16, 4.803200654560461e16, 2 ** 62 + 2 ** 10],
  ...Array.from({ length: 100 }, (_, at) => Math.floor(Math.cos(at + 1) * 2 ** (54 + (at % 15))) + 2 * at),
];
const DOUBLES = [
  ...[0.1, 1 / 3, 1234567890123456, 9007199254740991, 1e15, 1e16, 123456789.12345679, 4503599627370495.5],
  ...[5e-7, 1.5e-6, 2.5e-6, 3.5e-6, -5e-7, -4e-7, 1e-300, 0, 1e20, 9.999999999999999e20, 1e21, 1.2345678901234568e22],
  ...[1e50, 1e53, 9.87654321e53, 1e54, 1e60, 2e60, -1e300, Number.MAX_VALUE, 964842217.6518505, 5e-324],
  ...Array.from({ length: 200 }, (_, at) => Math.sin(at + 1) * 10 ** (at - 20)),
  ...WHOLES,
];
/** By place in `DOUBLES`: a neighbour of the number that the comparison has to tell from it. */
const NEIGHBOURS = new Map([
  [2, 1234567890123457],
  [3, 9007199254740992],
  [5, 10000000000000002],
  [19, 1.234567890123457e22],
  [24, 1.5e60],
]);

type Service = 'maria' | 'pg' | 'pg2' | 'lite' | 'snow';
const SCHEMAS: Readonly<Record<Service, string>> = {
  maria: 'default.shop',
  pg: 'postgres.shop',
  pg2: 'postgres.shop',
  lite: 'default.main',
  snow: 'SHOP.RAW',
};
const PAIRS = [
  ['maria', 'pg'],
  ['maria', 'lite'],
  ['pg', 'lite'],
  ['pg', 'pg2'],
] as const;

describe('tableDiff of floating-point numbers across services', () => {
  const engines: Engine[] = [];
  let lab: DiffLab;

  before(async function () {
    if (!ENGINES.mariadb.available() || !ENGINES.postgres.available()) this.skip();
    this.timeout(60_000);
    const { mariadb, sqlite, postgres, snowflake } = ENGINES;
    for (const kind of [mariadb, sqlite, postgres, snowflake]) engines.push(await kind.start());
    const [maria, lite, pg, snow] = engines;
    if (maria === undefined || lite === undefined || pg === undefined || snow === undefined)
      throw new Error('engines are missing');
    for (const engine of engines) {
      const [single, double] = engine === pg ? ['REAL', 'FLOAT8'] : ['FLOAT', 'DOUBLE'];
      const fill = async (table: string, columns: string, rows: readonly string[]): Promise<void> => {
        const path = engine.source.dialect.tablePath(engine.ref(table));
        await engine.run(`CREATE TABLE ${path} (${columns})`);
        await engine.run(`INSERT INTO ${path} VALUES ${rows.map((row) => `(${row})`).join(', ')}`);
      };
      const singles = SINGLES.map((each) => Math.fround(each));
      const keyed = singles.map((each, at) => `${each}, ${at}`);
      const changed = DOUBLES.map((each, at) => `${at}, ${NEIGHBOURS.get(at) ?? each}`);
      await fill(
        'singles',
        `k INT PRIMARY KEY, v ${single}`,
        singles.map((each, at) => `${at}, ${each}`)
      );
      await fill('keyed', `k ${single} PRIMARY KEY, v INT`, keyed);
      await fill(
        'doubles',
        `k INT PRIMARY KEY, v ${double}`,
        DOUBLES.map((each, at) => `${at}, ${each}`)
      );
      await fill(
        'wholes',
        `k INT PRIMARY KEY, v ${double}`,
        // with an exponent: what looks like a whole number may be read as one first
        WHOLES.map((each, at) => `${at}, ${each.toExponential()}`)
      );
      await fill('neighbours', `k INT PRIMARY KEY, v ${double}`, changed);
    }
    lab = await DiffLab.open({ maria, lite, pg, pg2: pg, snow });
  });
  after(async () => {
    await lab?.close();
    for (const engine of engines) await engine.stop();
  });

  const differences = async (one: Service, first: string, other: Service, second: string): Promise<unknown> => {
    const [key, value] = first === 'keyed' ? ['FLOAT', 'INT'] : ['INT', first === 'singles' ? 'FLOAT' : 'DOUBLE'];
    const columns = [
      { name: 'k', dataType: key, constraint: 'PRIMARY_KEY' },
      { name: 'v', dataType: value },
    ];
    const { result, testResultValue } = await lab.compare({
      one: tableOf(`${one}.${SCHEMAS[one]}.${first}`, columns),
      other: tableOf(`${other}.${SCHEMAS[other]}.${second}`, columns),
    });
    return [result, ...testResultValue.map((each) => each.value)].slice(1).join();
  };

  for (const [one, other] of PAIRS) {
    it(`finds none between equal ones of ${one} and ${other}`, async () => {
      for (const table of ['singles', 'keyed', 'doubles'])
        expect(await differences(one, table, other, table), table).to.equal('0,0,0,0');
    });

    it(`tells neighbours of ${one} and ${other} apart`, async () => {
      const count = NEIGHBOURS.size;
      expect(await differences(one, 'doubles', other, 'neighbours')).to.equal(`0,0,${count},${count}`);
    });
  }

  it('finds none between equal ones of 32 bits, and whole ones, of SQLite and Snowflake, the largest among them', async () => {
    for (const table of ['singles', 'keyed', 'wholes'])
      expect(await differences('lite', table, 'snow', table), table).to.equal('0,0,0,0');
  });
});
