import { expect } from 'chai';
import { toResult, type TableFacts } from '../../../src/data-quality/index.js';
import { ENGINES, type Engine, type EngineKind } from './engines.js';
import { makeCase, NOW, runCases } from './run-cases.js';

type Case = readonly [
  test: string,
  column: string,
  parameters: Record<string, string>,
  result: RegExp,
  failed?: number | undefined,
];

const BETWEEN = 'columnValuesToBeBetween';
const FOURTH = { minValue: '0', maxValue: '9223372036854775805' };
const WIDE = '99999999999999999999999999999.25';
const SETS: readonly Case[] = [
  ['columnValuesToBeInSet', 'word', { allowedValues: '["red", "blue", "mauve"]', matchEnum: 'true' }, /^Success/],
  ['columnValuesToBeInSet', 'word', { allowedValues: '["mauve"]' }, /^Failed: Found countInSet=0\./],
  ['columnValuesToBeNotInSet', 'word', { forbiddenValues: '["mauve"]' }, /^Success/],
  ['columnValuesToMatchRegex', 'word', { regex: '^(red|blue)$' }, /^Success/],
  ['columnValuesMissingCount', 'word', { missingCountValue: '1', missingValueMatch: '["red", "mauve"]' }, /^Success/],
  ['columnValueLengthsToBeBetween', 'word', { minLength: '4' }, /^Failed/, 1],
];
const WHOLE: readonly Case[] = [
  [BETWEEN, 'big', FOURTH, /^Failed: Found min=1, max=9223372036854775807 .* max=9223372036854775805\.$/, 1],
  [BETWEEN, 'big', { maxValue: '9223372036854775807' }, /^Success/, 0],
  [BETWEEN, 'big', { maxValue: '99999999999999999999' }, /^Success/, 0],
  ['columnValueMaxToBeBetween', 'big', { maxValueForMaxInCol: '9223372036854775806' }, /^Failed/],
  [BETWEEN, 'wide', { maxValue: WIDE }, /^Success: Found min=1, max=99999999999999999999999999999\.25 /, 0],
  [BETWEEN, 'wide', { maxValue: WIDE.replace('25', '24') }, /^Failed/, 1],
  ['columnValueMaxToBeBetween', 'wide', { minValueForMaxInCol: WIDE.replace('25', '26') }, /^Failed/],
  ['columnValuesSumToBeBetween', 'wide', { maxValueForColSum: '100000000000000000000000000000.25' }, /^Success/],
  ['columnValuesSumToBeBetween', 'wide', { maxValueForColSum: '100000000000000000000000000000.24' }, /^Failed/],
];
const SINGLE: readonly Case[] = [
  [BETWEEN, 'single', { minValue: '0.1', maxValue: '19.1' }, /^Success: Found min=0\.1, max=19\.1 /, 0],
  [BETWEEN, 'single', { minValue: '0.11' }, /^Failed: Found min=0\.1, /, 1],
  [BETWEEN, 'single', { maxValue: '19.09' }, /^Failed/, 1],
  ['columnValueMinToBeBetween', 'single', { minValueForMinInCol: '0.1', maxValueForMinInCol: '0.1' }, /^Success/],
  ['columnValueMaxToBeBetween', 'single', { minValueForMaxInCol: '19.1', maxValueForMaxInCol: '19.1' }, /^Success/],
  ['columnValueMaxToBeBetween', 'single', { maxValueForMaxInCol: '19.09' }, /^Failed/],
  // as the column's profile has them
  [BETWEEN, 'single', { minValue: '0.10000000149011612', maxValue: '19.100000381469727' }, /^Success/, 0],
  ['columnValueMinToBeBetween', 'single', { minValueForMinInCol: '0.10000000149011612' }, /^Success/],
  ['columnValueMaxToBeBetween', 'single', { minValueForMaxInCol: '19.100000381469727' }, /^Success/],
];
const UUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
const OWN: readonly Case[] = [
  // an empty text is no UUID, and what is none is in no row
  ['columnValuesMissingCount', 'uuid', { missingCountValue: '0' }, /^Success/],
  [
    'columnValuesMissingCount',
    'uuid',
    { missingCountValue: '1', missingValueMatch: `["none", "{${UUID.toUpperCase()}}"]` },
    /^Success/,
  ],
  ['columnValuesToBeUnique', 'uuid', {}, /^Success: Found valuesCount=2 vs\. uniqueCount=2\./],
  [
    'columnValuesMissingCount',
    'day',
    { missingCountValue: '1', missingValueMatch: '["n/a", "2026-01-31"]' },
    /^Success/,
  ],
];
const POSTGRES: readonly Case[] = [
  [BETWEEN, 'real', { minValue: '0' }, /^Failed: Found min=-inf, max=NaN /, 2],
  [BETWEEN, 'real', { maxValue: '5' }, /^Failed/, 1],
  [BETWEEN, 'at', { minValue: '0' }, /^Failed: Found min=-infinity/, 1],
  [BETWEEN, 'at', { minValue: '2020-01-01' }, /^Aborted: .* Times are milliseconds .*: this one is 1577836800000\.$/],
  ['columnValuesToMatchRegex', 'caseless', { regex: '^a' }, /^Success: Found 2 value/],
  ['columnValuesToMatchRegex', 'folded', { regex: '^a' }, /^Success: Found 2 value/],
  ['columnValuesToMatchRegex', 'plain', { regex: '^a' }, /^Failed: Found 1 value/],
  ['columnValuesToNotMatchRegex', 'caseless', { forbiddenRegex: '^A$' }, /^Failed: Found 2 value/],
];

async function results(engine: Engine, facts: TableFacts, cases: readonly Case[]): Promise<string[]> {
  const made = cases.map(([test, column, parameters], at) => {
    const parameterValues = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    return makeCase(test, `case${at}`, { column, parameterValues });
  });
  const found = await runCases(engine, { table: engine.ref('own'), isView: false }, facts, made);
  return found.map(({ outcome }) => {
    const { testCaseStatus, result, failedRows } = toResult(outcome, NOW);
    return `${testCaseStatus}: ${result} | ${failedRows}`;
  });
}

function suite(
  kind: EngineKind,
  types: Record<string, readonly [type: string, dataType: string]>,
  values: string[],
  cases: readonly Case[],
  first = ''
): void {
  describe(`tests on types of its own of ${kind.name}`, () => {
    let engine: Engine;
    let found: string[];

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      if (first !== '') await engine.run(first);
      const columns = Object.entries(types).map(([name, [type]]) => `${dialect.quote(name)} ${type}`);
      const path = dialect.tablePath(engine.ref('own'));
      await engine.run(`CREATE TABLE ${path} (${columns.join(', ')})`);
      for (const row of values) await engine.run(`INSERT INTO ${path} VALUES (${row})`);
      const facts = {
        fqn: 'shop.default.main.own',
        columns: Object.entries(types).map(([name, [type, dataType]]) => ({
          ...{ name, dataType, tags: [] },
          ...(dataType === 'TEXT' ? { display: type } : {}),
        })),
      };
      found = await results(engine, facts, cases);
    });
    after(() => engine?.stop());

    for (const [at, [test, column, parameters, result, failed]] of cases.entries())
      it(`${test} of ${column} with ${JSON.stringify(parameters)}`, () => {
        const [text = '', rows] = (found[at] ?? '').split(' | ');
        expect(text).to.match(result);
        if (failed !== undefined) expect(rows).to.equal(String(failed));
      });
  });
}

const { mariadb, postgres } = ENGINES;
suite(
  mariadb,
  {
    word: [`ENUM('red', 'blue')`, 'ENUM'],
    big: ['BIGINT', 'BIGINT'],
    wide: ['DECIMAL(38, 2)', 'DECIMAL'],
    single: ['FLOAT', 'FLOAT'],
    uuid: ['UUID', 'UUID'],
    day: ['DATE', 'DATE'],
  },
  [
    `'red', 1, 1, 0.1, '${UUID}', '2026-01-31'`,
    `'blue', 9223372036854775807, ${WIDE}, 19.1, '00000000-0000-0000-0000-000000000000', '2026-02-01'`,
  ],
  [...SETS, ...WHOLE, ...SINGLE, ...OWN]
);
suite(
  postgres,
  {
    word: ['word', 'ENUM'],
    big: ['bigint', 'BIGINT'],
    wide: ['numeric(38, 2)', 'NUMERIC'],
    real: ['double precision', 'DOUBLE'],
    at: ['timestamptz', 'TIMESTAMP'],
    caseless: ['citext', 'TEXT'],
    folded: ['folded', 'TEXT'],
    plain: ['plain', 'TEXT'],
    single: ['real', 'FLOAT'],
    uuid: ['uuid', 'UUID'],
    day: ['date', 'DATE'],
  },
  [
    `'red', 1, 1, '-infinity', '-infinity', 'a', 'a', 'a', 0.1, '${UUID}', '2026-01-31'`,
    `'blue', 9223372036854775807, ${WIDE}, 'NaN', '2020-01-01', 'A', 'A', 'A', 19.1, '00000000-0000-0000-0000-000000000000', '2026-02-01'`,
  ],
  [...SETS, ...WHOLE, ...SINGLE, ...OWN, ...POSTGRES],
  `CREATE EXTENSION IF NOT EXISTS citext; CREATE TYPE word AS ENUM ('red', 'blue');
CREATE DOMAIN lower AS citext; CREATE DOMAIN folded AS lower; CREATE DOMAIN plain AS text`
);
