import { expect } from 'chai';
import { Measuring } from '../../../src/measures/index.js';
import { profileTable, resolvePlan } from '../../../src/profiler/index.js';
import { PROFILE_METRICS, type ProfilerRecipe } from '../../../src/recipe/index.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { itProfilesOddTables } from './odd-tables.js';
import { expectProfile, type IndependentColumn } from './independent-profile.js';

type EngineName = 'SQLite' | 'MariaDB' | 'PostgreSQL' | 'Snowflake';

interface HardColumn {
  readonly name: string;
  readonly kind: IndependentColumn['kind'];
  readonly dataType: string;
  readonly types: Readonly<Record<EngineName, string>>;
  /** As it stands in SQL; of row number `at`. */
  readonly literal: (at: number, engine: EngineName) => string | null;
}

const BINARY = 'VARCHAR(60) COLLATE utf8mb4_bin';
const alike = (type: string): HardColumn['types'] => ({
  ...{ SQLite: type, MariaDB: type, PostgreSQL: type, Snowflake: type },
});
const text = (value: string): string => `'${value}'`;
const WORDS = ['🚀🚀', 'Others', 'ü', '', 'a', 'A', 'it is long'];

/**
 * Every kind of column, with what has gone wrong elsewhere: fractions below 1, negative sums, a value called Others,
 * dates that are none.
 */
const COLUMNS: readonly HardColumn[] = [
  number('WHOLE', 'INT', 'INT', (at) => (at % 10 === 9 ? null : String(((at * 7919) % 101) - 50))),
  // The emulator sums up whole numbers as doubles: there their sums stay just below 2^53.
  number('EDGE', 'BIGINT', 'BIGINT', (at, engine) => {
    const least = engine === 'Snowflake' ? -9007199254740891n : -9007199254740991n;
    return String(at % 2 === 0 ? least : -least - 1n);
  }),
  // So close together that doubles would show one value, or two of three: as identifiers near the ends of 64 bits are.
  number('LEAST', 'BIGINT', 'BIGINT', (at) => String(-9223372036854775808n + BigInt((at * 7) % 40))),
  {
    ...number('MOST', 'BIGINT', 'BIGINT', (at, engine) => String(END[engine] - BigInt((at * 7) % 40))),
    types: { ...alike('BIGINT'), MariaDB: 'BIGINT UNSIGNED' },
  },
  number('LONELY', 'BIGINT', 'BIGINT', (at) => (at === 3 ? '5' : String(9223372036854775000n + BigInt((at * 7) % 40)))),
  {
    ...number('CLOSE', 'DECIMAL', 'DECIMAL(38,5)', (at, engine) =>
      engine === 'SQLite'
        ? `${2n ** 50n + BigInt(at >> 2)}.${(at % 4) * 25}`
        : `123456789012345678901234567890${at % 10}.${at % 7}5`
    ),
    types: { ...alike('NUMERIC(38,5)'), SQLite: 'DOUBLE' },
  },
  {
    ...number('REAL', 'DOUBLE', 'DOUBLE', (at) => `${10 ** 15 + (at % 5)}.${String((at % 8) * 125).padStart(3, '0')}`),
    types: { ...alike('DOUBLE'), PostgreSQL: 'DOUBLE PRECISION' },
  },
  number('MONEY', 'DECIMAL', 'DECIMAL(12,2)', (at) => String(((at * 37) % 97) / 4 - 20)),
  {
    ...number('HUGE', 'DECIMAL', 'DECIMAL(38,5)', (at) => HUGE[at % HUGE.length] ?? null),
    types: { ...alike('NUMERIC(38,5)'), SQLite: 'NUMERIC', MariaDB: 'DECIMAL(65,5)' },
  },
  {
    ...number('BELOW1', 'DOUBLE', 'DOUBLE', (at) => String(Math.sqrt(at) / 1000)),
    types: { ...alike('DOUBLE'), PostgreSQL: 'DOUBLE PRECISION' },
  },
  number('SAME', 'INT', 'INT', () => '7'),
  number('LACKING', 'INT', 'INT', () => null),
  {
    ...{ name: 'WORD', kind: 'text', dataType: 'VARCHAR', types: { ...alike('VARCHAR(60)'), MariaDB: BINARY } },
    literal: (at) => (at % 8 === 7 ? null : text(WORDS[at % WORDS.length] ?? '')),
  },
  {
    ...{ name: 'MANY', kind: 'text', dataType: 'VARCHAR', types: { ...alike('VARCHAR(60)'), MariaDB: BINARY } },
    // The first ones twice, the others once each: together they are a category of their own.
    literal: (at) => text(at < 20 ? (['Others', 'b', 'c', 'd', 'e'][at % 5] ?? '') : `w${at}`),
  },
  {
    ...{ name: 'DIFFERENT', kind: 'text', dataType: 'VARCHAR', types: { ...alike('VARCHAR(60)'), MariaDB: BINARY } },
    literal: (at) => text(`u${at}`),
  },
  {
    ...{ name: 'DAY', kind: 'time', dataType: 'DATE', types: alike('DATE') },
    literal: (at, engine) => (at % 6 === 5 ? null : text(at === 0 ? firstDay(engine) : dayOf(at))),
  },
  {
    ...{ name: 'FLAG', kind: 'counts', dataType: 'BOOLEAN', types: alike('BOOLEAN') },
    literal: (at) => (at % 5 === 4 ? null : at % 2 === 0 ? 'TRUE' : 'FALSE'),
  },
];

const HUGE = ['-12345678901234567890123456.5', '99999999999999999999999999.25', '0.1', '-0.3', null];
/** Of the largest whole numbers of each. */
const END: Readonly<Record<EngineName, bigint>> = {
  ...{ SQLite: 2n ** 63n - 1n, PostgreSQL: 2n ** 63n - 1n, Snowflake: 2n ** 63n - 1n, MariaDB: 2n ** 64n - 1n },
};
const TABLES = { HARD: 60, ONE: 1, EMPTY: 0 } as const;

function number(name: string, dataType: string, type: string, literal: HardColumn['literal']): HardColumn {
  return { name, kind: 'number', dataType, types: alike(type), literal };
}

/** Some engines have a day before all others that is none. */
function firstDay(engine: EngineName): string {
  return engine === 'Snowflake' || engine === 'PostgreSQL' ? '0001-01-01' : '0000-00-00';
}

function dayOf(at: number): string {
  return new Date(Date.UTC(2024, 1, 25 + (at % 20))).toISOString().slice(0, 10);
}

const RECIPE = (type: string, exact = true): ProfilerRecipe =>
  ({
    kind: 'profiler',
    source: {
      type,
      sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true, metrics: PROFILE_METRICS } },
    },
    workflowConfig: { config: { profiler: { exactPercentiles: exact } } },
  }) as unknown as ProfilerRecipe;

const TYPES = { SQLite: 'sqlite', MariaDB: 'mysql', PostgreSQL: 'postgres', Snowflake: 'snowflake' } as const;
const NAMED = {
  ...{ SQLite: ENGINES.sqlite, MariaDB: ENGINES.mariadb, PostgreSQL: ENGINES.postgres, Snowflake: ENGINES.snowflake },
} as const;

for (const engineName of ['SQLite', 'MariaDB', 'PostgreSQL', 'Snowflake'] as const) {
  const kind = NAMED[engineName];
  describe(`Every metric of every kind of column (${engineName})`, () => {
    let engine: Engine;

    before(async function () {
      if (!kind.available()) return this.skip();
      this.timeout(240_000);
      engine = await kind.start();
      for (const [table, rows] of Object.entries(TABLES)) {
        const { dialect } = engine.source;
        const list = COLUMNS.map(({ name, types }) => `${dialect.quote(name)} ${types[engineName]}`).join(', ');
        const path = dialect.tablePath(engine.ref(table));
        await engine.run(`CREATE TABLE ${path} (${list})`);
        const tuples = Array.from({ length: rows }, (_, at) => `(${COLUMNS.map((each) => sql(each, at)).join(', ')})`);
        const lax = engineName === 'MariaDB' ? "SET SESSION sql_mode = '';\n" : '';
        if (rows > 0) await engine.run(`${lax}INSERT INTO ${path} VALUES ${tuples.join(', ')}`);
      }
    });
    after(() => engine?.stop());

    const sql = ({ literal }: HardColumn, at: number): string => literal(at, engineName) ?? 'NULL';

    async function profiled(table: string, exact = true) {
      const { database, schema } = engine.ref(table);
      const count = `SELECT COUNT(*) + 0.5 FROM ${engine.source.dialect.tablePath(engine.ref(table))}`;
      const customMetrics = [{ name: 'half more', expression: count }];
      const record = {
        id: '1',
        fullyQualifiedName: `s.${database}.${schema}.${table}`,
        tags: [],
        customMetrics,
        columns: COLUMNS.map(({ name, dataType }) => ({ name, dataType, tags: [], customMetrics })),
      } as unknown as Parameters<typeof resolvePlan>[0];
      const none = { server: undefined, database: undefined, schema: undefined, now: Date.UTC(2026, 0) };
      const plan = resolvePlan(record, undefined, {
        recipe: RECIPE(TYPES[engineName], exact),
        dialect: engine.source.dialect,
        ...none,
      });
      const session = await engine.source.session(engine.context);
      try {
        const { request, suspects } = await profileTable(plan, {
          dialect: engine.source.dialect,
          measuring: new Measuring(session, { signal: engine.context.signal }),
          facts: { table, isView: false },
          timestamp: 1,
        });
        expect(suspects).to.deep.equal([]);
        return request;
      } finally {
        await session.close();
      }
    }

    for (const [table, rows] of Object.entries(TABLES))
      it(`is what plain arithmetic gives, of a table of ${rows} rows`, async () => {
        const { tableProfile, columnProfile = [] } = await profiled(table);
        const custom = [{ name: 'half more', value: rows + 0.5 }];
        expect(tableProfile).to.deep.include({ rowCount: rows, columnCount: COLUMNS.length, customMetrics: custom });
        expect(columnProfile.map(({ name }) => name)).to.deep.equal(COLUMNS.map(({ name }) => name));
        for (const [at, column] of COLUMNS.entries()) {
          const found = columnProfile[at];
          expect(found?.customMetrics, column.name).to.deep.equal(custom);
          expectProfile({ ...found }, independent(column, rows), `${column.name} of ${table}`);
        }
      });

    function independent({ kind: what, literal }: HardColumn, rows: number): IndependentColumn {
      const literals = Array.from({ length: rows }, (_, at) => literal(at, engineName));
      const identities = literals.map((each) => (each?.startsWith("'") === true ? each.slice(1, -1) : each));
      const length = (value: string): number =>
        engineName === 'MariaDB' ? Buffer.byteLength(value) : [...value].length;
      const amounts = identities.filter((each) => each !== null).map((each) => (what === 'text' ? length(each) : each));
      return { kind: what, identities, amounts };
    }

    itProfilesOddTables(() => engine, TYPES[engineName]);

    if (engineName === 'Snowflake')
      it('has estimates of quartiles that are at most a twentieth of the rows away', async () => {
        const { columnProfile = [] } = await profiled('HARD', false);
        const money = columnProfile.find(({ name }) => name === 'MONEY');
        const column = COLUMNS.find(({ name }) => name === 'MONEY');
        const sorted = (column === undefined ? [] : independent(column, TABLES.HARD).amounts)
          .map(Number)
          .sort((left, right) => left - right);
        for (const [part, value] of [
          [0.25, money?.firstQuartile],
          [0.5, money?.median],
          [0.75, money?.thirdQuartile],
        ] as const) {
          const rank = sorted.filter((each) => each <= (value ?? NaN)).length;
          expect(rank, `quantile ${part}`).to.be.closeTo(part * sorted.length, sorted.length / 20 + 1);
        }
      });
  });
}
