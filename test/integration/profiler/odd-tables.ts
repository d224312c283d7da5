import { expect } from 'chai';
import type { ColumnProfile, CreateTableProfileRequest } from '../../../src/openmetadata/index.js';
import { profileUnit, type ProfileUnitStage } from '../../../src/profiler/index.js';
import { rememberedOf } from '../../../src/profiler/unit-lines.js';
import { DEFAULT_METRICS, type ProfilerRecipe } from '../../../src/recipe/index.js';
import { failuresOf } from '../../../src/report/index.js';
import { sessionFor, type MeasureSession } from '../../../src/sources/index.js';
import type { Engine } from '../data-quality/engines.js';
import { temporaryStore } from '../../unit/metadata/temporary-store.js';
import { attemptOn } from '../../unit/staging/attempt-on.js';

type Column = readonly [name: string, dataType: string];
interface Profiled {
  readonly request?: CreateTableProfileRequest;
  readonly columns: Readonly<Record<string, Partial<ColumnProfile>>>;
  readonly notes: readonly string[];
  readonly failures: readonly string[];
  /** What the next run is told of. */
  readonly suspects: readonly string[];
  readonly statements: readonly string[];
  readonly samples: readonly string[];
  readonly sampledNone: boolean;
  readonly emptyPartition: boolean;
}

/** Tables that are profiled as a unit of a run does it, on one engine. */
export function itProfilesOddTables(engineOf: () => Engine, type: string): void {
  async function profiled(
    table: string,
    columns: readonly Column[],
    entry: object = {},
    customMetrics: readonly object[] = [],
    suspects: readonly string[] = [],
    more: object = {}
  ): Promise<Profiled> {
    const engine = engineOf();
    const { database, schema } = engine.ref(table);
    const fqn = `s.${database}.${schema}.${table}`;
    const temporary = await temporaryStore();
    const put: CreateTableProfileRequest[] = [];
    const samples: string[] = [];
    const attempt = attemptOn(temporary.store);
    const { recorder } = attempt;
    const record = {
      ...{ id: '1', name: table, fullyQualifiedName: fqn, tags: [], customMetrics },
      columns: columns.map(([name, dataType]) => ({ name, dataType, tags: [], customMetrics: [] })),
    };
    const notes: string[] = [];
    const failures: string[] = [];
    const statements: string[] = [];
    const remembered: string[] = [];
    let [sampledNone, emptyPartition] = [false, false];
    const openSession = async (): Promise<MeasureSession> => {
      const told = (session: MeasureSession): MeasureSession => {
        const users = session.forUsersSql?.bind(session);
        return {
          rows: (sql) => {
            statements.push(sql);
            return session.rows(sql);
          },
          query: (sql, limit) => session.query(sql, limit),
          ...(users === undefined ? {} : { forUsersSql: (table, of) => told(users(table, of)) }),
          close: () => session.close(),
        };
      };
      return told(sessionFor(await engine.source.session(engine.context), { table: engine.ref(table) }));
    };
    try {
      await profileUnit({
        ...attempt,
        takeFacts: () => {
          const part = recorder.take();
          notes.push(...part.notes);
          failures.push(...failuresOf(part, 'profiler').map(({ error }) => error));
          return part;
        },
        signal: engine.context.signal,
        client: {
          profiles: {
            table: async () => record,
            hasProfile: async () => false,
            putProfile: async (_: unknown, request: CreateTableProfileRequest) => void put.push(request),
            putSampleData: async (_: string, data: string) => void samples.push(data),
          },
        } as unknown as ProfileUnitStage['client'],
        recipe: {
          kind: 'profiler',
          source: {
            ...{ type, serviceName: 's' },
            sourceConfig: {
              config: {
                computeTableMetrics: true,
                computeColumnMetrics: true,
                metrics: [...DEFAULT_METRICS, 'histogram', 'cardinalityDistribution'],
                ...more,
              },
            },
          },
          processor: { config: { tableConfig: [{ fullyQualifiedName: fqn, ...entry }] } },
          workflowConfig: { config: { profiler: { exactPercentiles: true } } },
        } as unknown as ProfilerRecipe,
        server: undefined,
        tables: [{ fqn, facts: { table, isView: false }, asOf: 1, statements: 1, suspects: [...suspects] }],
        source: engine.source,
        openSession,
        now: 1,
        timestamp: 1_700_000_000_000,
        profiles: { run: 'r', stage: 'profiles', slice: '0' },
        published: { run: 'r', stage: 'published-profiles', slice: '0' },
      });
      for (const entry of await temporary.store.manifest({ run: 'r', stage: 'profiles', slice: '0' }))
        for (const line of await temporary.store.read(entry)) {
          const kept = rememberedOf(line);
          remembered.push(...(kept?.remember.suspects ?? []));
          sampledNone ||= kept?.sampledNone === true;
          emptyPartition ||= kept?.emptyPartition === true;
        }
    } finally {
      await temporary.remove();
    }
    const [request] = put;
    return {
      ...(request === undefined ? {} : { request }),
      columns: Object.fromEntries((request?.columnProfile ?? []).map((each) => [each.name, each])),
      notes,
      failures,
      suspects: remembered,
      statements,
      samples,
      sampledNone,
      emptyPartition,
    };
  }

  describe('a profileQuery', () => {
    const columns = [
      ['A', 'INT'],
      ['B', 'INT'],
      ['C', 'INT'],
    ] as const;
    const path = (): string => engineOf().source.dialect.tablePath(engineOf().ref('QUERIED'));

    before(async () => {
      await engineOf().run(
        `CREATE TABLE ${path()} (A INT, B INT, C INT)`.replace(
          /\b([ABC]) INT/g,
          (_, name: string) => `${engineOf().source.dialect.quote(name)} INT`
        )
      );
      await engineOf().run(`INSERT INTO ${path()} VALUES (1, 2, 3), (4, 5, 6)`);
    });

    it('is measured by the columns that it has; the others are named', async () => {
      const { dialect } = engineOf().source;
      const profileQuery = `SELECT ${dialect.quote('C')}, ${dialect.quote('A')} + 1 AS ${dialect.quote('a')} FROM ${path()}`;
      const found = await profiled('QUERIED', columns, { profileQuery });
      expect(found.failures).to.deep.equal([]);
      expect(found.request?.tableProfile.rowCount).to.equal(2);
      expect(found.columns['A']).to.include({ min: 2, max: 5, sum: 7 });
      expect(found.columns['C']).to.include({ min: 3, max: 6 });
      expect(found.columns).to.not.have.property('B');
      expect(found.notes).to.have.length(1);
      expect(found.notes[0]).to.match(/QUERIED: its profileQuery lacks B, not measured; it has C, a\.$/);
    });

    it('finds its tables by their schema, as custom metrics do', async () => {
      const { dialect } = engineOf().source;
      const bySchema = `${dialect.quote(engineOf().ref('').schema)}.${dialect.quote('QUERIED')}`;
      const found = await profiled('QUERIED', columns, { profileQuery: `SELECT * FROM ${bySchema}` });
      expect(found.failures).to.deep.equal([]);
      expect(found.columns['A']).to.include({ min: 1, max: 4 });
      const expression = `SELECT COUNT(*) FROM ${bySchema}`;
      const custom = await profiled('QUERIED', columns, {}, [{ name: 'rows', expression }]);
      expect(custom.failures).to.deep.equal([]);
      expect(custom.request?.tableProfile.customMetrics).to.deep.equal([{ name: 'rows', value: 2 }]);
    });

    it('that can not be run is named in the failure', async () => {
      const wrong = await profiled('QUERIED', columns, { profileQuery: 'SELECT nothing_1 FROM nowhere_1' });
      expect(wrong.failures.join()).to.match(/^The profileQuery of s\..*QUERIED can't be used: .+ Mend profileQuery/is);
      const { dialect } = engineOf().source;
      const cut = await profiled('QUERIED', columns, {
        profileQuery: `SELECT ${dialect.quote('A')} FROM ${path()}`,
        partitionConfig: { partitionColumnName: 'B', partitionIntervalType: 'COLUMN-VALUE', partitionValues: [2] },
      });
      expect(cut.failures.join()).to.match(/The profileQuery of .*: the partition of .* is by B, and the query has A/);
    });
  });

  async function make(
    table: string,
    columns: readonly (readonly [name: string, sqlType: string])[],
    rows: readonly string[]
  ) {
    const { dialect } = engineOf().source;
    const path = dialect.tablePath(engineOf().ref(table));
    await engineOf().run(
      `CREATE TABLE ${path} (${columns.map(([name, of]) => `${dialect.quote(name)} ${of}`).join(', ')})`
    );
    await engineOf().run(`INSERT INTO ${path} VALUES ${rows.map((row) => `(${row})`).join(', ')}`);
  }

  it('keeps that a sample took no row of a table that has rows', async () => {
    const columns: readonly Column[] = [['A', 'INT']];
    const all = { partitionColumnName: 'A', partitionIntervalType: 'COLUMN-VALUE', partitionValues: [1, 2, 3] };
    await make('SAMPLED', [['A', 'INT']], ['1', '2', '3']);
    const none = await profiled('SAMPLED', columns, { profileSample: 0.001 });
    expect(none.columns['A']?.valuesCount).to.equal(0);
    expect(none.request?.tableProfile.rowCount).to.equal(3);
    expect(none.sampledNone).to.equal(true);
    const ofPart = await profiled('SAMPLED', columns, { profileSample: 0.001, partitionConfig: all });
    expect(ofPart.sampledNone).to.equal(true);
    expect(ofPart.emptyPartition).to.equal(false);
    const empty = { ...all, partitionValues: [9] };
    const ofEmpty = await profiled('SAMPLED', columns, { profileSample: 0.001, partitionConfig: empty });
    expect(ofEmpty.sampledNone).to.equal(false);
    expect(ofEmpty.emptyPartition).to.equal(true);
    expect((await profiled('SAMPLED', columns)).sampledNone).to.equal(false);
  });

  it("leaves out a partition's texts of which the column's character set lacks some", async () => {
    await make(
      'NARROW',
      [['A', type === 'mysql' ? 'VARCHAR(9) COLLATE latin1_swedish_ci' : 'VARCHAR(9)']],
      ["'É'", "'x'"]
    );
    const of = (...partitionValues: readonly string[]) =>
      profiled('NARROW', [['A', 'VARCHAR']], {
        partitionConfig: { partitionColumnName: 'A', partitionIntervalType: 'COLUMN-VALUE', partitionValues },
      });
    const some = await of('É', '日本');
    expect(some.failures).to.deep.equal([]);
    expect(some.request?.tableProfile.rowCount).to.equal(1);
    const none = await of('日本');
    expect(none.failures).to.deep.equal([]);
    expect(none.emptyPartition).to.equal(true);
  });

  it('takes words for truth values in a partition, and no text for the number 0', async () => {
    await make(
      'TRUTHS',
      [
        ['A', 'INT'],
        ['B', 'BOOLEAN'],
      ],
      ['0, TRUE', '1, TRUE', '0, FALSE']
    );
    const columns: readonly Column[] = [
      ['A', 'INT'],
      ['B', type === 'mysql' ? 'TINYINT' : 'BOOLEAN'],
    ];
    const of = (partitionColumnName: string, partitionValues: readonly string[]) =>
      profiled('TRUTHS', columns, {
        partitionConfig: { partitionColumnName, partitionIntervalType: 'COLUMN-VALUE', partitionValues },
      });
    expect((await of('B', ['true'])).request?.tableProfile.rowCount).to.equal(2);
    expect((await of('B', ['False'])).request?.tableProfile.rowCount).to.equal(1);
    expect((await of('A', ['0', ' 7 '])).request?.tableProfile.rowCount).to.equal(2);
    expect((await of('A', ['0x1'])).request?.tableProfile.rowCount).to.equal(1);
    const odd = await of('A', ['1', 'x']);
    // where a column may hold any text
    if (type === 'sqlite') expect(odd.request?.tableProfile.rowCount).to.equal(1);
    else
      expect(odd.failures.join()).to.include(
        'TRUTHS has "x" among its partitionValues, which is no number, as A has (INT).'
      );
    const words = await of('B', ['YES', 'off']);
    const sure = await of('B', ['maybe']);
    if (type === 'postgres' || type === 'snowflake') {
      expect(words.request?.tableProfile.rowCount).to.equal(3);
      expect(sure.failures.join())
        .to.include(`TRUTHS has "maybe" among its partitionValues, which B (BOOLEAN) can't have; it may have true and`)
        .and.include('Mend partitionConfig');
      const times = { partitionColumnName: 'B', partitionIntervalType: 'TIME-UNIT' };
      const since = { ...times, partitionInterval: 1, partitionIntervalUnit: 'DAY' };
      expect((await profiled('TRUTHS', columns, { partitionConfig: since })).failures.join()).to.include(
        'TRUTHS is by the times of B (BOOLEAN), which has none'
      );
    } else if (type === 'sqlite') expect(sure.request?.tableProfile.rowCount).to.equal(0);
    else expect(sure.failures.join()).to.include('TRUTHS has "maybe" among its partitionValues, which is no number');
  });

  it('takes what the bits of a column may be in a partition, and says of others what they may be', async function () {
    if (type !== 'postgres' && type !== 'mysql') return this.skip();
    await make('BITS', [['B', 'BIT(3)']], ["B'101'", "B'001'", "B'001'"]);
    const of = (partitionValues: readonly unknown[]) =>
      profiled('BITS', [['B', 'BIT']], {
        partitionConfig: { partitionColumnName: 'B', partitionIntervalType: 'COLUMN-VALUE', partitionValues },
      });
    const rowCount = async (...values: readonly unknown[]): Promise<unknown> =>
      (await of(values)).request?.tableProfile.rowCount;
    if (type === 'mysql') {
      expect([await rowCount('1'), await rowCount(1), await rowCount('true'), await rowCount(5)]).to.deep.equal([
        ...[2, 2, 2, 1],
      ]);
      expect((await of(['x'])).failures.join()).to.include(
        'BITS has "x" among its partitionValues, which is no number'
      );
      return;
    }
    expect([await rowCount('001'), await rowCount('b101', '001')]).to.deep.equal([2, 3]);
    for (const odd of ['102', 'z', 'true', '1e3', 101, true])
      expect((await of([odd])).failures.join()).to.include(
        `BITS has ${JSON.stringify(odd)} among its partitionValues, which B (BIT) can't have; it may have texts of 0 and 1`
      );
    const range = { partitionIntegerRangeStart: 0, partitionIntegerRangeEnd: 1 };
    const ranged = { partitionColumnName: 'B', partitionIntervalType: 'INTEGER-RANGE', ...range };
    expect((await profiled('BITS', [['B', 'BIT']], { partitionConfig: ranged })).failures.join()).to.include(
      'BITS is by a range of numbers of B (BIT), which has none'
    );
  });

  it('compares the text of a value with a column of texts, and says of others what the column has', async () => {
    const stamp = type === 'mysql' ? 'DATETIME' : 'TIMESTAMP';
    await make(
      'TYPED',
      [
        ['V', 'VARCHAR(10)'],
        ['D', 'DATE'],
        ['T', stamp],
        ['E', 'INT'],
      ],
      ["'true', '2026-01-01', '2026-01-01 00:00:00', 1", "'1', '2026-01-02', '2026-01-02 00:00:00', 2"]
    );
    const columns: readonly Column[] = [
      ['V', 'VARCHAR'],
      ['D', 'DATE'],
      ['T', stamp],
      ['E', 'INT'],
    ];
    const by = (partitionColumnName: string, keys: object) =>
      profiled('TYPED', columns, { partitionConfig: { partitionColumnName, ...keys } });
    const of = (name: string, ...partitionValues: readonly unknown[]) =>
      by(name, { partitionIntervalType: 'COLUMN-VALUE', partitionValues });
    for (const [value, rows] of [
      [1, 1],
      [true, 1],
      [2024, 0],
    ] as const) {
      const found = await of('V', value);
      expect(found.failures, String(value)).to.deep.equal([]);
      expect(found.request?.tableProfile.rowCount, String(value)).to.equal(rows);
    }
    expect((await of('D', '2026-01-02')).request?.tableProfile.rowCount).to.equal(1);
    expect((await of('T', '2026-01-02 00:00:00')).request?.tableProfile.rowCount).to.equal(1);
    const window = { partitionIntervalType: 'TIME-UNIT', partitionInterval: 1, partitionIntervalUnit: 'DAY' };
    const bounds = { partitionIntegerRangeStart: 1, partitionIntegerRangeEnd: 9 };
    const range = { partitionIntervalType: 'INTEGER-RANGE', ...bounds };
    const texts = await by('V', range);
    expect(texts.failures.join()).to.include('TYPED is by a range of numbers of V (VARCHAR), which has none');
    expect(texts.request).to.equal(undefined);
    expect((await by('E', range)).request?.tableProfile.rowCount).to.equal(2);
    // whose texts and numbers are times
    if (type === 'sqlite') return;
    for (const name of ['D', 'T'])
      expect((await of(name, 'abc')).failures.join())
        .to.include(`TYPED has "abc" among its partitionValues, which ${name} (`)
        .and.include('Mend partitionConfig');
    for (const [name, dataType] of [
      ['V', 'VARCHAR'],
      ['E', 'INT'],
    ] as const)
      expect((await by(name, window)).failures.join())
        .to.include(
          `TYPED is by the times of ${name} (${dataType}), which has none; name a column of dates or timestamps`
        )
        .and.include('Mend partitionConfig');
    if (type !== 'postgres') return;
    const refused = await of('D', '2026-13-45');
    expect(refused.failures.join())
      .to.match(/The rows of the partition of .*TYPED by D can't be read: PostgreSQL .* failed \(22008\)/)
      .and.include('mend partitionConfig');
  });

  const DOUBLE = type === 'postgres' ? 'DOUBLE PRECISION' : 'DOUBLE';

  it('measures numbers whose sums or squares leave doubles, and says which value a double does not hold', async () => {
    const rows = ['1e300, 1.5e308, 1e-200, 3', '2e300, 1.7e308, 3e-200, 3', '3e300, 1.6e308, 2e-200, 4'];
    await make(
      'FAR',
      ['HUGE', 'TOP', 'TINY', 'PLAIN'].map((name) => [name, DOUBLE] as const),
      rows
    );
    const columns = ['HUGE', 'TOP', 'TINY', 'PLAIN'].map((name) => [name, 'DOUBLE'] as const);
    const found = await profiled('FAR', columns);
    const near = (value: number | undefined, expected: number): void =>
      void expect((value ?? NaN) / expected).to.be.closeTo(1, 1e-9);
    const deviation = Math.sqrt(2 / 3);
    for (const [name, middle, step] of [
      ['HUGE', 2e300, 1e300],
      ['TOP', 1.6e308, 1e307],
      ['TINY', 2e-200, 1e-200],
    ] as const) {
      const column = found.columns[name];
      near(column?.mean, middle);
      near(column?.median, middle);
      near(column?.stddev, deviation * step);
      expect(column?.nonParametricSkew, name).to.be.closeTo(0, 1e-6);
    }
    near(found.columns['HUGE']?.sum, 6e300);
    near(found.columns['PLAIN']?.mean, 10 / 3);
    expect(found.columns['TOP']).to.not.have.property('sum');
    expect(found.notes.join())
      .to.match(/^s\.\S+FAR: column TOP has no sum: .*(double|overflow|range)/i)
      .and.not.match(/HUGE|TINY/);

    // what was refused costs no statement of its own any more, and has the same values
    const next = await profiled('FAR', columns, {}, [], found.suspects);
    // one of Snowflake's is answered by its metadata
    expect(next.statements).to.have.length(type === 'snowflake' ? 5 : 4);
    expect(next.suspects).to.deep.equal(found.suspects);
    expect(next.columns['TOP']).to.not.have.property('sum');
    for (const [name, before] of Object.entries(found.columns)) {
      for (const metric of ['mean', 'sum', 'stddev', 'median', 'min', 'max'] as const)
        if (before[metric] !== undefined) near(Number(next.columns[name]?.[metric]), Number(before[metric]));
      expect(next.columns[name]?.histogram, name).to.deep.equal(before.histogram);
    }
    expect(next.notes.join())
      .to.match(/^s\.\S+FAR: column TOP has no sum: /)
      .and.not.match(/HUGE|TINY/);

    const path = engineOf().source.dialect.tablePath(engineOf().ref('FAR'));
    await engineOf().run(`DELETE FROM ${path}`);
    await engineOf().run(`INSERT INTO ${path} VALUES (1, 4, 1, 1), (2, 7, 1, 2)`);
    const mended = await profiled('FAR', columns, {}, [], found.suspects);
    expect(mended.notes).to.deep.equal([]);
    expect(mended.columns['TOP']).to.include({ mean: 5.5, sum: 11, stddev: 1.5 });
    expect(mended.columns['HUGE']).to.include({ mean: 1.5, sum: 3, stddev: 0.5 });
  });

  // SQLite takes the name of a column that is not there for a text
  if (type !== 'sqlite')
    it('asks again for what was refused of one column a run, by one statement', async () => {
      await make('LATER', [['A', 'INT']], ['1', '2']);
      const columns = ['A', 'B', 'C'].map((name) => [name, 'INT'] as const);
      const first = await profiled('LATER', columns);
      expect(first.columns['A']).to.include({ min: 1, max: 2 });
      expect(first.notes.join()).to.match(/columns B, C have no /);
      // one without values would be the latest, and hide what was measured before
      expect(Object.keys(first.columns)).to.deep.equal(['A']);
      const second = await profiled('LATER', columns, {}, [], first.suspects);
      expect(second.statements.length).to.be.at.most(type === 'snowflake' ? 5 : 4);
      expect(second.columns['A']).to.deep.equal(first.columns['A']);
      expect(second.notes.join()).to.match(/C has no .*: the source refused it before/s);
      expect(Object.keys(second.columns)).to.deep.equal(['A']);
      expect([...second.suspects].sort()).to.deep.equal([...first.suspects].sort());
      const third = await profiled('LATER', columns, {}, [], second.suspects);
      expect(third.notes.join()).to.match(/B has no .*: the source refused it before/s);
      const { dialect } = engineOf().source;
      await engineOf().run(
        `ALTER TABLE ${dialect.tablePath(engineOf().ref('LATER'))} ADD COLUMN ${dialect.quote('B')} INT DEFAULT 7`
      );
      const fourth = await profiled('LATER', columns, {}, [], third.suspects);
      expect(fourth.columns['B']).to.include({ mean: 7, distinctCount: 1 });
      expect(fourth.suspects.join()).to.match(/ C\b/).and.not.match(/ B\b/);
    });

  if (type !== 'sqlite')
    it('shows rows without a column that the source refuses, and keeps the profile', async () => {
      await make('SHOWN', [['A', 'INT']], ['1']);
      const columns = ['A', 'B'].map((name) => [name, 'INT'] as const);
      const found = await profiled('SHOWN', columns, {}, [], [], { generateSampleData: true });
      expect([found.failures, Object.keys(found.columns)]).to.deep.equal([[], ['A']]);
      expect(found.samples).to.deep.equal(['{"columns":["A"],"rows":[[1]]}']);
      // of a column that was not measured nothing is known before
      const unmeasured = { generateSampleData: true, computeColumnMetrics: false };
      const rest = await profiled('SHOWN', columns, {}, [], [], unmeasured);
      expect(rest.request?.tableProfile.rowCount).to.equal(1);
      expect([rest.failures, rest.samples]).to.deep.equal([[], found.samples]);
      expect(rest.notes.join()).to.match(/its rows are shown without B, as the source refuses that: /);
      const only = { ...unmeasured, computeTableMetrics: false };
      const alone = await profiled('SHOWN', columns, {}, [], rest.suspects, only);
      expect([alone.request, alone.failures, alone.samples]).to.deep.equal([undefined, [], found.samples]);
      expect(alone.suspects).to.deep.equal(['shown B']);
      const none = await profiled('SHOWN', [['B', 'INT']], {}, [], [], only);
      expect([none.request, none.failures.length]).to.deep.equal([undefined, 1]);
    });

  it('has a histogram of numbers that lie farther apart than a double tells', async () => {
    await make('APART', [['A', DOUBLE]], ['-1.6e308', '1.6e308', '0', '-1', '1', '2', '3', '4']);
    const { columns, notes } = await profiled('APART', [['A', 'DOUBLE']]);
    expect(columns['A']?.histogram?.frequencies).to.deep.equal([1, 1, 5, 1]);
    expect(columns['A']?.histogram?.boundaries).to.deep.equal([
      ...['-160.000e306 to -80.000e306', '-80.000e306 to 0', '0 to 80.000e306', '80.000e306 and up'],
    ]);
    expect(notes.join()).not.to.match(/histogram/);
  });

  it('has one failure of each custom metric that can not be taken, and the rest of the profile', async () => {
    await make('OWN', [['A', 'INT']], ['1', '2']);
    const path = engineOf().source.dialect.tablePath(engineOf().ref('OWN'));
    const { request, columns, failures } = await profiled('OWN', [['A', 'INT']], {}, [
      { name: 'writes', expression: `DELETE FROM ${path}` },
      { name: 'lacks', expression: `SELECT nocol_1 FROM ${path}` },
      { name: 'good', expression: `SELECT COUNT(*) + 1 FROM ${path}` },
    ]);
    expect(columns['A']).to.include({ min: 1, max: 2 });
    expect(request?.tableProfile).to.deep.include({ rowCount: 2, customMetrics: [{ name: 'good', value: 3 }] });
    expect(failures).to.have.length(2);
    expect(failures[0]).to.match(
      /^Custom metric writes has no value: .*DELETE is not a part of a statement that only/s
    );
    expect(failures[1]).to.match(/^Custom metric lacks has no value: .*nocol_1/is);
  });

  it('has no value of a custom metric that gives no number, for the same reason on each engine', async () => {
    await make('GIVEN', [['A', 'INT']], ['1']);
    const path = engineOf().source.dialect.tablePath(engineOf().ref('GIVEN'));
    // MariaDB has none
    const notFinite = new Map([
      ['postgres', { nan: "'NaN'::float8", most: "'Infinity'::float8" }],
      ['snowflake', { nan: "'NaN'::FLOAT", most: "'-inf'::FLOAT" }],
      ['sqlite', { most: '9e999' }],
    ]).get(type);
    const given = {
      ...notFinite,
      ...{
        time: `CAST('2031-07-12 01:47:25' AS ${type === 'postgres' ? 'TIMESTAMP' : 'DATETIME'})`,
        day: "CAST('2031-07-12' AS DATE)",
      },
      ...{ text: "'a'", empty: "''", nothing: 'NULL', digits: "'12.5'", small: '1e-3', whole: '7' },
    };
    const metrics = Object.entries(given).map(([name, value]) => ({
      name,
      expression: `SELECT ${value} FROM ${path}`,
    }));
    const none = { name: 'none', expression: `SELECT 1 FROM ${path} WHERE 1 = 0` };
    const { request, failures, notes } = await profiled('GIVEN', [['A', 'INT']], {}, [...metrics, none]);
    const empty = [...Object.keys(notFinite ?? {}), 'nothing', 'none'].join(', ');
    expect(notes.join()).to.contain(
      `custom metrics without a value, as their SELECT gives NULL, NaN, an infinity or no row: ${empty}.`
    );
    const value = { digits: 12.5, small: 0.001, whole: 7 };
    // to SQLite a cast to DATETIME or DATE is one to a number
    const years = type === 'sqlite' ? { time: 2031, day: 2031 } : {};
    expect(request?.tableProfile.customMetrics).to.deep.equal(
      Object.entries({ ...years, ...value }).map(([name, each]) => ({ name, value: each }))
    );
    const text = 'its SELECT gave a text that is no number, a date or a time, and its value must be a number.';
    const reasons = {
      ...(type === 'sqlite' ? {} : { time: text, day: text }),
      ...{ text, empty: text },
    };
    expect(failures.map((each) => each.replace(/\. Count, .*$/s, '.'))).to.deep.equal(
      Object.entries(reasons).map(([name, reason]) => `Custom metric ${name} has no value: ${reason}`)
    );
  });

  if (type !== 'mysql')
    it('keeps NaN, infinities and texts among numbers out of all but the counts, and says so', async () => {
      const nan = type === 'sqlite' ? "'a text'" : `CAST('NaN' AS ${DOUBLE})`;
      const [most, least] =
        type === 'sqlite' ? ['9e999', '-9e999'] : ['inf', '-inf'].map((each) => `CAST('${each}' AS ${DOUBLE})`);
      await make(
        'ODD',
        [
          ['F', DOUBLE],
          ['G', DOUBLE],
        ],
        ['1, NULL', '2, 5', `4, ${nan}`, '5, NULL', `${nan}, ${nan}`, `${most}, NULL`, `${least}, NULL`, 'NULL, NULL']
      );
      const { columns, notes, failures } = await profiled('ODD', [
        ['F', 'DOUBLE'],
        ['G', 'DOUBLE'],
      ]);
      expect(failures).to.deep.equal([]);
      expect(columns['F']).to.deep.include({
        ...{ valuesCount: 7, nullCount: 1, distinctCount: 7, uniqueCount: 7 },
        ...{ min: 1, max: 5, sum: 12, mean: 3 },
        ...{ firstQuartile: 1.75, median: 3, thirdQuartile: 4.25 },
      });
      expect(columns['F']?.stddev).to.be.closeTo(Math.sqrt(2.5), 1e-9);
      expect(columns['F']?.histogram?.frequencies.reduce((sum, each) => sum + each, 0)).to.equal(4);
      expect(columns['G']).to.deep.include({
        ...{ valuesCount: 3, distinctCount: 2, uniqueCount: 1 },
        ...{ min: 5, max: 5, stddev: 0 },
      });
      expect(notes).to.have.length(1);
      expect(notes[0]).to.match(/ODD: values that are no finite .* in the counts alone: F \(3 of 7\), G \(2 of 3\)\.$/);
    });

  if (type === 'sqlite')
    it('has categories with NUL whole', async () => {
      await make(
        'CUT',
        [['W', 'VARCHAR']],
        ["'a' || char(0) || 'b'", "'a' || char(0) || 'b'", "'a' || char(0) || 'c'", "'a'"]
      );
      const { columns } = await profiled('CUT', [['W', 'VARCHAR']]);
      expect(columns['W']?.cardinalityDistribution).to.deep.include({
        categories: ['a\0b', 'a', 'a\0c'],
        counts: [2, 1, 1],
      });
    });

  if (type === 'sqlite')
    it('shows U+FFFD in texts that are not UTF-8, on which the library aborts its process', async () => {
      const bytes = ["CAST(x'636166e9' AS TEXT)", "CAST(x'ff' AS TEXT)"];
      await make(
        'LATIN',
        [
          ['W', 'VARCHAR'],
          ['D', 'DATE'],
          ['B', 'BLOB'],
        ],
        [`${bytes[0]}, ${bytes[1]}, x'ff'`, `${bytes[0]}, '2024-01-01', x''`, `'ok', NULL, NULL`]
      );
      const columns = [
        ['W', 'VARCHAR'],
        ['D', 'DATE'],
        ['B', 'BLOB'],
      ] as const;
      const { columns: found, failures, notes } = await profiled('LATIN', columns);
      expect([...failures, ...notes]).to.deep.equal([]);
      expect(found['W']).to.include({ valuesCount: 3, distinctCount: 2, min: 2, max: 4 });
      expect(found['W']?.cardinalityDistribution).to.deep.include({ categories: ['caf\uFFFD', 'ok'], counts: [2, 1] });
      expect(found['D']).to.include({ valuesCount: 2, distinctCount: 2, min: '2024-01-01', max: '\uFFFD' });
      expect(found['B']).to.include({ valuesCount: 2, distinctCount: 2 });
    });

  if (type === 'postgres')
    it('keeps NaN of a NUMERIC and times without end out of all but the counts', async () => {
      await make(
        'ENDLESS',
        [
          ['N', 'NUMERIC'],
          ['D', 'DATE'],
          ['T', 'TIMESTAMPTZ'],
          ['X', 'NUMERIC'],
        ],
        [
          "1.5, '2024-01-02', '2024-01-02', 1e400",
          "'NaN', 'infinity', '-infinity', 2",
          "2.5, '-infinity', '2024-01-03', 3",
        ]
      );
      const { columns, notes, failures } = await profiled('ENDLESS', [
        ['N', 'NUMERIC'],
        ['D', 'DATE'],
        ['T', 'TIMESTAMP'],
        ['X', 'NUMERIC'],
      ]);
      expect(failures).to.deep.equal([]);
      expect(columns['N']).to.include({
        valuesCount: 3,
        distinctCount: 3,
        min: 1.5,
        max: 2.5,
        sum: 4,
        median: 2,
        stddev: 0.5,
      });
      expect(columns['D']).to.include({ valuesCount: 3, min: '2024-01-02', max: '2024-01-02' });
      expect(columns['T']).to.include({ valuesCount: 3, min: '2024-01-02T00:00:00', max: '2024-01-03T00:00:00' });
      expect(columns['X'])
        .to.include({ min: 2, median: 3 })
        .and.not.have.any.keys('max', 'sum', 'mean', 'stddev', 'histogram');
      expect(notes.join())
        .to.match(/column X has no .*max.*histogram.*: beyond what OpenMetadata holds/)
        .and.match(/N \(1 of 3\), D \(2 of 3\), T \(1 of 3\)/);
    });

  if (type === 'postgres')
    it('has a histogram of NUMERICs below the least double, and says that a skew is beyond one', async () => {
      await make(
        'FAR_OUT',
        [
          ['TINY', 'NUMERIC'],
          ['HUGE', 'NUMERIC'],
          ['SAME', 'NUMERIC'],
        ],
        ['1e-400, 1e400, 1e-400', '2e-400, 2e400, 1e-400', '3e-400, 9e400, 1e-400', '9e-400, 9e400, 1e-400']
      );
      const names = ['TINY', 'HUGE', 'SAME'] as const;
      const metrics = ['valuesCount', 'distinctCount', 'nonParametricSkew', 'histogram'];
      const { columns, notes, failures } = await profiled(
        ...(['FAR_OUT', names.map((name) => [name, 'NUMERIC'] as const), {}, [], [], { metrics }] as const)
      );
      expect(failures).to.deep.equal([]);
      expect(columns['TINY']?.histogram).to.deep.equal({
        boundaries: [
          '1.000e-400 + 0 to 1.000e-400 + 3.465e-400',
          '1.000e-400 + 3.465e-400 to 1.000e-400 + 6.930e-400',
          '1.000e-400 + 6.930e-400 and up',
        ],
        frequencies: [3, 0, 1],
      });
      expect(columns['SAME']).to.include({ valuesCount: 4, distinctCount: 1 }).and.not.have.property('histogram');
      expect(notes.join('\n')).to.match(
        /column HUGE has no .*nonParametricSkew.*histogram.*: beyond what OpenMetadata/
      );
      expect(notes.join('\n')).not.to.match(/SAME/);
    });
}
