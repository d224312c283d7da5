import { expect } from 'chai';
import type { MeasuredColumn } from '../../../src/sources/index.js';
import { ENGINES, type Engine, type EngineKind } from '../data-quality/engines.js';
import { frequenciesOf } from './independent-frequencies.js';
import { planOfColumn, profiledOn } from './profiled-column.js';

type Column = readonly [name: string, dataType: MeasuredColumn['dataType'], digits: number, values: readonly bigint[]];

/** The middle half spans 5, and two values lie on bounds. */
const STEPS = [-6n, -4n, -1n, 1n, 2n, 3n, 4n, 7n];
/** Doubles show the next number but one. */
const ODD = 2n ** 53n + 3n;
const COLUMNS: readonly Column[] = [
  ['SMALL', 'DECIMAL', 5, STEPS],
  ['CENTS', 'DECIMAL', 2, STEPS.map((each) => each * 10n + 30n)],
  ['ODD', 'BIGINT', 0, STEPS.map((each) => ODD + each * 10n ** 12n)],
  ['NEAR', 'BIGINT', 0, STEPS.map((each) => ODD + each * 100n)],
  ['EVEN', 'INT', 0, STEPS],
  // a width of 10/3, as the cube root is 3
  ['THIRDS', 'DECIMAL', 1, Array.from({ length: 27 }, (_, at) => BigInt(at * at))],
  // 0 is one of the ends, and the other has no digit among the first sixteen
  ['TINY', 'DECIMAL', 18, Array.from({ length: 27 }, (_, at) => BigInt(at % 13))],
  ['LEAST', 'DECIMAL', 18, Array.from({ length: 27 }, (_, at) => BigInt(-(at % 13)))],
];
/** 1,064 digits of which the first 320 are 0; and some that differ in the last of 80. */
const FAR: readonly Column[] = [
  ['FAR', 'NUMERIC', 1_064, Array.from({ length: 27 }, (_, at) => BigInt(at % 13) * 5n ** 1_064n)],
  ['LAST', 'NUMERIC', 80, STEPS.map((each) => 10n ** 80n + each)],
];
const LONG: Column = ['LONG', 'DECIMAL', 5, STEPS.map((each) => 12345678901234567890123n + each * 10n ** 20n)];

function decimal(value: bigint, digits: number): string {
  const size = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  const at = size.length - digits;
  return `${value < 0n ? '-' : ''}${size.slice(0, at)}${digits === 0 ? '' : `.${size.slice(at)}`}`;
}

const KINDS: readonly (readonly [EngineKind, type: string, long: boolean])[] = [
  [ENGINES.sqlite, 'NUMERIC', false],
  [ENGINES.mariadb, 'DECIMAL(65,', true],
  [ENGINES.postgres, 'NUMERIC(38,', true],
  [ENGINES.snowflake, 'NUMBER(38,', true],
];

for (const [kind, type, hasLong] of KINDS) {
  describe(`Histograms of whole numbers and decimals of ${kind.name}`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
    });
    after(() => engine?.stop());

    const far = kind === ENGINES.postgres ? FAR : [];
    for (const column of [...COLUMNS, ...(hasLong ? [LONG] : []), ...far]) {
      const [name, dataType, digits, values] = column;
      it(`have each value in its own bin: ${name}`, async () => {
        const { source } = engine;
        const ref = engine.ref(name);
        const path = source.dialect.tablePath(ref);
        const ofDigits = far.includes(column) ? 'NUMERIC' : type.endsWith(',') ? `${type}${digits})` : type;
        const sqlType = digits > 0 ? ofDigits : 'BIGINT';
        const quoted = source.dialect.quote(name);
        await engine.run(`CREATE TABLE ${path} (${quoted} ${sqlType})`);
        await engine.run(`INSERT INTO ${path} VALUES ${values.map((each) => `(${decimal(each, digits)})`).join(', ')}`);
        const profiled = await profiledOn(engine, planOfColumn(engine, name, { name, dataType }, ['histogram', 'min']));
        expect([...profiled.missing]).to.deep.equal([]);
        const [profile] = profiled.request.columnProfile ?? [];
        expect(profile?.histogram?.frequencies).to.deep.equal(frequenciesOf(values));
        const least = decimal(
          values.reduce((low, each) => (each < low ? each : low)),
          digits
        );
        expect(profile?.min).to.equal(
          digits === 0 && !Number.isSafeInteger(Number(least)) ? BigInt(least) : Number(least)
        );
      });
    }
  });
}
