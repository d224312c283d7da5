import { expect } from 'chai';
import { AlikeTables } from '../../../src/profiler/alike-tables.js';
import { Allowance, BudgetSpent } from '../../../src/profiler/allowance.js';
import { cardinalityDistribution } from '../../../src/profiler/cardinality.js';
import { missingValues } from '../../../src/profiler/missing-values.js';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { listTables } from '../../../src/profiler/index.js';
import { nothingSelected } from '../../../src/profiler/nothing-selected.js';
import { selectSchemas } from '../../../src/profiler/select-tables.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { failuresOf, PartRecorder } from '../../../src/report/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

describe('What a profile says of measures without a value', () => {
  const plan = {
    columns: ['gone', 'half'].map((name) => ({
      column: { name, dataType: 'INT' },
      catalogName: name,
      kind: 'number',
      metrics: ['min', 'max', 'sum', 'median', 'histogram'],
      customMetrics: [],
    })),
  } as unknown as TablePlan;

  it('is one line a column, however many measures it has', () => {
    const unknown = "Unknown column 'gone'";
    const problems = new Map([
      ...['min', 'max', 'sum', 'median', 'q1', 'q3', 'values'].map((each) => [`${each} gone`, unknown] as const),
      ...(['sum half', 'multiple sum half', 'bin 0 half', 'bin 1 half'] as const).map(
        (each) => [each, 'out of range'] as const
      ),
      ['custom metric own', 'its SELECT gave no number'] as const,
    ]);
    expect(describeProblems(plan, problems)).to.deep.equal([
      `column gone has no values: ${unknown}`,
      'column half has no sum, histogram: out of range',
      'custom metric own has no value: its SELECT gave no number',
    ]);
  });

  it('is one line for all columns that lack the same for the same reason', () => {
    const names = Array.from({ length: 196 }, (_, at) => `C${at}`);
    const wide = {
      columns: names.map((name) => ({ ...plan.columns[0], column: { name, dataType: 'INT' }, catalogName: name })),
    };
    const of = (reason: (name: string) => string, keys: readonly string[]): string[] =>
      describeProblems(
        wide as unknown as TablePlan,
        new Map(names.flatMap((name) => keys.map((key) => [`${key} ${name}`, reason(name)] as const)))
      );
    const first = 'C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 and 186 more';
    expect(of(() => 'beyond a double', ['sum'])).to.deep.equal([`columns ${first} have no sum: beyond a double`]);
    const all = ['values', 'min', 'max', 'sum', 'q1', 'median', 'q3'];
    expect(of((name) => `invalid identifier '${name}'`, all)).to.deep.equal([
      `columns ${first} have no values: invalid identifier 'C0'; of the others alike`,
    ]);
    const each = of((name) => `error ${name}1`, ['sum']);
    expect(each).to.have.length(10);
    expect(each[8]).to.equal('column C8 has no sum: error C81');
    expect(each[9]).to.match(/^columns C9, .* and 177 more lack values too/);
  });

  it('names a histogram whose ends no double holds, and none of equal values', () => {
    const told = (most: number | bigint): string[] => {
      const values = new Map<string, number | bigint>([
        ...(['values half', 'sum half', 'median half'] as const).map((key) => [key, 5] as const),
        ...[['min half', 5] as const, ['max half', most] as const],
      ]);
      const profile = { name: 'half', timestamp: 1, valuesCount: 5, min: 5, sum: 5, median: 5, max: 5 };
      const missing = missingValues(plan, values, [profile], new Map());
      return describeProblems(plan, missing);
    };
    expect(told(5)).to.deep.equal([]);
    expect(told(10n ** 400n)).to.deep.equal(['column half has no histogram: beyond what OpenMetadata holds, a double']);
  });

  it('is nothing of the skew of different texts that have one length', () => {
    const column = { kind: 'text', metrics: ['nonParametricSkew'], catalogName: 'half' } as const;
    const texts = { ...plan, columns: plan.columns.map((each) => ({ ...each, ...column })) };
    const values = new Map<string, number>([
      ...(['values half', 'distinct half', 'min half', 'max half', 'mean half', 'median half'] as const).map(
        (key) => [key, 5] as const
      ),
      ['stddev half', 0],
    ]);
    const profiles = [{ name: 'half', timestamp: 1, valuesCount: 5 }];
    const told = (of: typeof plan): string[] => [...missingValues(of, values, profiles, new Map()).keys()];
    expect(told(texts)).to.deep.equal([]);
    const numbers = { ...texts, columns: texts.columns.map((each) => ({ ...each, kind: 'number' as const })) };
    expect(told(numbers)).to.deep.equal(['nonParametricSkew of half']);
  });

  it('is nothing of what a table larger than maxRows was not asked', () => {
    const values = new Map([['values half', 5]]);
    const profiles = [{ name: 'half', timestamp: 1, valuesCount: 5 }];
    expect([...missingValues(plan, values, profiles, new Map()).keys()]).to.include('sum half');
    const large = { ...plan, tooLarge: '9 rows are more than maxRows (5)' };
    expect([...missingValues(large, values, profiles, new Map())]).to.deep.equal([]);
  });

  it('is no cardinality distribution without categories', () => {
    expect(cardinalityDistribution([], NaN, NaN)).to.equal(undefined);
  });
});

describe('A recipe whose patterns select no table', () => {
  function inputOf(config: object, databases = ['s.default', 's.archive']): Parameters<typeof nothingSelected>[0] {
    const page = async function* (names: readonly string[]): AsyncGenerator<readonly object[]> {
      yield names.map((fqn) => ({ name: fqn.split('.').at(-1), fullyQualifiedName: fqn, tags: [] }));
    };
    const client = {
      profiles: {
        databases: () => page(databases),
        schemas: (database: string) =>
          page(database === 's.default' ? ['s.default.shop', 's.default.other'] : ['s.archive.shoop']),
        tables: (schema: string) => page([`${schema}.orders`, `${schema}.customers`]),
      },
    } as unknown as Parameters<typeof nothingSelected>[0]['client'];
    const recipe = { source: { serviceName: 's', sourceConfig: { config } } } as unknown as ProfilerRecipe;
    return { client, recipe, signal: new AbortController().signal };
  }

  const note = (config: object): Promise<string> => nothingSelected(inputOf(config));

  const DEFAULT = { databaseFilterPattern: { includes: ['^default$'] } };

  it('says which tables the schemas have that are selected', async () => {
    const config = {
      ...DEFAULT,
      schemaFilterPattern: { includes: ['^shop$'] },
      tableFilterPattern: { includes: ['^order$'] },
    };
    const reason = 'filtered by tableFilterPattern.includes, none of which matches';
    expect(await note(config)).to.equal(
      `The filter patterns select no table. The schemas that are selected have s.default.shop.orders (${reason}), s.default.shop.customers (${reason}).`
    );
  });

  it('says which schemas there are if none is selected', async () => {
    expect(await note({ ...DEFAULT, schemaFilterPattern: { includes: ['^shoop$'] } })).to.equal(
      'The filter patterns select no schema. The databases that are selected have the schemas s.default.shop, s.default.other. Those that databaseFilterPattern leaves out have 1.'
    );
  });

  it('says which databases there are if none is selected', async () => {
    const config = { databaseFilterPattern: { includes: ['^defauld$'] } };
    const said = (...databases: string[]): Promise<string> =>
      selectSchemas({ ...inputOf(config, databases), onFiltered: () => undefined })
        .next()
        .then(() => '', String);
    expect(await said('s.default')).to.contain('databaseFilterPattern leaves out the only database of s: default.');
    expect(await said('s.default', 's.archive')).to.contain('leaves out all 2 databases of s: default, archive.');
  });
});

describe('What the listing of a profiler run says', () => {
  interface Said {
    readonly notes: readonly string[];
    readonly listed: readonly string[];
    readonly statements: readonly number[];
    /** Statements. */
    readonly planned: readonly string[];
    readonly isIncomplete: boolean;
    readonly failures: readonly string[];
  }

  async function said(
    processor: object,
    profiler: object = {},
    config: object = {},
    known: readonly string[] = [],
    areAll: boolean | 'exactly named' = false,
    hiding: readonly string[] = [],
    shop: readonly { readonly name: string }[] = [{ name: 'orders' }, { name: 'b' }]
  ): Promise<Said> {
    const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
      yield records;
    };
    const container = (fqn: string): object => ({ id: fqn, name: fqn.split('.').at(-1), fullyQualifiedName: fqn });
    const table = (fqn: string): object => ({
      ...{ ...container(fqn), tags: [], customMetrics: [] },
      columns: ['id', 'word'].map((name) => ({ name, dataType: 'INT', tags: [], customMetrics: [] })),
    });
    const recorder = new PartRecorder();
    const facts = {
      asOf: 1,
      tables: new Map(
        known.map((name) => [
          name,
          { table: name, isView: false, rows: 7, ...(hiding.includes(name) ? { hidesRows: true as const } : {}) },
        ])
      ),
      areAll: areAll !== false,
      exactNames: areAll === 'exactly named',
    };
    const planned: string[] = [];
    const listed = await listTables({
      onPlanned: (_, statements) => void planned.push(...statements),
      client: {
        profiles: {
          databases: () => page([container('s.d')]),
          schemas: () => page([container('s.d.shop'), container('s.d.other')]),
          tables: (schema: string) =>
            page(schema === 's.d.shop' ? shop.map((each) => ({ ...table(`s.d.shop.${each.name}`), ...each })) : []),
          table: async (fqn: string) => (fqn === 's.d.other.unseen' ? table(fqn) : undefined),
        },
      } as unknown as Parameters<typeof listTables>[0]['client'],
      recipe: {
        source: {
          ...{ type: 'sqlite', serviceName: 's' },
          sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true, ...config } },
        },
        processor: { config: processor },
        workflowConfig: { config: { profiler } },
      } as unknown as ProfilerRecipe,
      ...{ signal: new AbortController().signal, recorder, remembered: new Map() },
      settings: { server: undefined, now: 1 },
      source: { dialect: sqliteMeasureDialect, facts: async () => facts },
    });
    const part = recorder.take();
    const { notes, incomplete } = part;
    const failures = failuresOf(part, 'profiler').map(({ entity, error }) => `${entity}: ${error}`);
    const statements = listed.map((each) => each.statements);
    return {
      notes,
      planned,
      statements,
      listed: listed.map(({ fqn }) => fqn),
      isIncomplete: incomplete === true,
      failures,
    };
  }

  it('is one line of all names in the configuration that are not there, with what is', async () => {
    const { notes } = await said({
      databaseConfig: [{ fullyQualifiedName: 's.e' }, { fullyQualifiedName: 's.d' }],
      schemaConfig: [{ fullyQualifiedName: 's.d.shoop' }],
      tableConfig: [
        { fullyQualifiedName: 's.d.shop.order' },
        { fullyQualifiedName: 's.d.other.unseen' },
        {
          fullyQualifiedName: 's.d.shop.b',
          columnConfig: {
            includeColumns: [{ columnName: 'ID', metrics: ['minLength'] }, { columnName: 'id' }],
            excludeColumns: ['wrod'],
          },
        },
      ],
    });
    expect(notes).to.deep.equal([
      "The configuration names what is not there, which has no effect: tableConfig: s.d.shop.order (there is s.d.shop.orders, s.d.shop.b); schemaConfig: s.d.shoop (there is s.d.shop, s.d.other); databaseConfig: s.e (there is s.d); includeColumns of s.d.shop.b: ID (the table has id, word); excludeColumns of s.d.shop.b: wrod (the table has word, id); includeColumns of s.d.shop.b: the metrics minLength (only those of the run's own `metrics` are measured).",
    ]);
    const { notes: none } = await said({ tableConfig: [{ fullyQualifiedName: 's.d.shop.b' }] });
    expect(none).to.deep.equal([]);
  });

  it('has the nearest names first where more are there than are told', async () => {
    const shop = Array.from({ length: 12 }, (_, at) => ({ name: `a${String(at).padStart(2, '0')}` }));
    const columns = [...shop, { name: 'word' }, { name: 'words' }].map((each) => ({
      ...each,
      ...{ dataType: 'INT', tags: [], customMetrics: [] },
    }));
    const tables = [...shop, { name: 'skewed', columns }, { name: 'SKEWER' }];
    const columnConfig = { includeColumns: [{ columnName: 'wrods' }], excludeColumns: [] };
    const tableConfig = [
      { fullyQualifiedName: 's.d.shop.skewde' },
      { fullyQualifiedName: 's.d.shop.skewed', columnConfig },
    ];
    const { notes } = await said({ tableConfig }, {}, {}, [], false, [], tables);
    const others = 'a00, a01, a02, a03, a04, a05, a06, a07';
    const beside = others.replaceAll('a', 's.d.shop.a');
    expect(notes).to.deep.equal([
      `The configuration names what is not there, which has no effect: tableConfig: s.d.shop.skewde (there is s.d.shop.skewed, s.d.shop.SKEWER, ${beside} and 4 more); includeColumns of s.d.shop.skewed: wrods (the table has words, ${others}, a08 and 4 more).`,
    ]);
  });

  it('names the views that the patterns select where views are left out and no table is selected', async () => {
    const view = (name: string): { readonly name: string } => ({ name, ...{ tableType: 'View' } });
    const tables = [{ name: 'orders' }, view('v_orders'), view('v_texts'), view('w')];
    const note = async (include: string, more: object = {}): Promise<readonly string[]> => {
      const config = { tableFilterPattern: { includes: [include] }, ...more };
      return (await said({}, {}, config, [], false, [], tables)).notes;
    };
    expect(await note('v_texts')).to.deep.equal([
      'The filter patterns select no table, only a view, and views are left out (includeViews: false): s.d.shop.v_texts. With includeViews: true it is profiled.',
    ]);
    expect(await note('v_')).to.deep.equal([
      'The filter patterns select no table, only views, and views are left out (includeViews: false): s.d.shop.v_orders, s.d.shop.v_texts. With includeViews: true they are profiled.',
    ]);
    expect(await note('v_', { includeViews: true })).to.deep.equal([]);
    expect((await note('gone')).join()).to.match(/^The filter patterns select no table\. The schemas/);
  });

  it('names once the tables of which policies show the account only some rows', async () => {
    const hidden = async (names: readonly string[]): Promise<readonly string[]> =>
      (await said({}, {}, {}, ['orders', 'b'], true, names)).notes;
    expect(await hidden([])).to.deep.equal([]);
    expect(await hidden(['orders', 'b'])).to.deep.equal([
      'Row-level security is on for s.d.shop.orders, s.d.shop.b: only the rows that its policies let the account read are measured, none where no policy names it. Where all are to be, let the account pass it by (BYPASSRLS on PostgreSQL), or give it a policy for all rows; a view reads as its owner does, unless it is a security_invoker.',
    ]);
  });

  it('counts no statement for rows that the catalogue knows, and nothing stands in its way', async () => {
    const rows = { metrics: ['rowCount'] };
    const sampled = { ...rows, profileSample: 50 };
    const budget = { budget: { statements: 1 } };
    expect((await said({}, budget, rows, ['orders', 'b'])).statements).to.deep.equal([0, 0]);
    expect((await said({}, {}, rows, ['orders'])).statements, 'not known').to.deep.equal([0, 1]);
    expect((await said({}, {}, sampled, ['orders'])).statements, 'of the whole table').to.deep.equal([0, 1]);
    expect((await said({}, {}, { metrics: ['rowCount', 'max'] }, ['orders', 'b'])).statements).to.deep.equal([1, 1]);
    const spent = new Allowance({ statements: 0, seconds: 0 });
    expect([spent.reserve(0), spent.reserve(1)]).to.deep.equal([0, undefined]);
    expect(() => spent.beforeStatement()).to.throw(BudgetSpent);
  });

  it('is the statement of each sample of rows, too', async () => {
    const { planned } = await said({}, {}, { metrics: ['columnCount'], generateSampleData: true });
    expect(planned).to.include.members(
      ['orders', 'b'].map((table) => `SELECT "id" AS "id", "word" AS "word" FROM main."${table}" LIMIT 50`)
    );
  });

  it('is of tables for which a limit of size can not hold', async () => {
    const { notes } = await said({}, { maxRows: 5 });
    expect(notes.join()).to.match(
      /^maxRows does not hold for tables whose rows .* s\.d\.shop\.orders, s\.d\.shop\.b\./
    );
  });

  it('is of tables whose rows are not known and that have a dynamic sample', async () => {
    const dynamic = { profileSampleConfig: { sampleConfigType: 'DYNAMIC', config: { smartSampling: true } } };
    const { notes } = await said({}, {}, dynamic);
    expect(notes.join()).to.match(
      /^A DYNAMIC profileSampleConfig samples no table .*: s\.d\.shop\.orders, s\.d\.shop\.b\./
    );
    const fixed = { tableConfig: [{ fullyQualifiedName: 's.d.shop.b', profileSample: 50 }] };
    expect((await said(fixed, {}, dynamic)).notes.join()).to.match(/: s\.d\.shop\.orders\. They/);
  });

  it('is a failure of a table that the source does not list, which takes no statement', async () => {
    const gone = await said({}, { budget: { statements: 9 } }, {}, ['ORDERS'], true);
    expect(gone.listed, 'in another case it may be the same one').to.deep.equal(['s.d.shop.orders']);
    expect(gone.failures).to.deep.equal([
      "s.d.shop.b: The source lists no table of this name: it was dropped or renamed, or its user may not see it. Run the service's metadata recipe, which marks it as deleted, or grant the right to read it.",
    ]);
    expect((await said({}, {}, {}, ['ORDERS'])).failures).to.deep.equal([]);
  });

  it('is one failure of a schema of which the source lists nothing', async () => {
    const gone = await said({}, {}, {}, [], true);
    expect(gone.listed).to.deep.equal([]);
    expect(gone.failures).to.deep.equal([
      "s.d.shop: The source lists no table of this schema, of which 2 tables are to be profiled: it was dropped, renamed or emptied, or its user may not see it. Run the service's metadata recipe, which marks them as deleted, or grant the right to read them.",
    ]);
  });

  it('is a failure of a table of whose name the source lists another case, where those are two tables', async () => {
    const { listed, failures } = await said({}, {}, {}, ['ORDERS', 'b'], 'exactly named');
    expect(listed).to.deep.equal(['s.d.shop.b']);
    expect(failures.join()).to.match(/^s\.d\.shop\.orders: The source lists no table of this name/);
  });

  it('is of a table that takes more statements than a whole run may send', async () => {
    const two = {
      tableConfig: [{ fullyQualifiedName: 's.d.shop.b', profileQuery: 'SELECT 1 AS id', profileSample: 50 }],
    };
    const { notes, listed, isIncomplete } = await said(two, { budget: { statements: 2 } });
    expect(listed).to.deep.equal(['s.d.shop.orders']);
    expect(isIncomplete).to.equal(true);
    expect(notes.join()).to.match(
      /^s\.d\.shop\.b is not profiled: its profile takes 3 statements, which is more than a whole run may send .*Raise the budget to 3 or more/
    );
  });

  it('is one note of all tables that are too large, or take too many statements', async () => {
    const both = (own: object) => ({
      tableConfig: ['orders', 'b'].map((name) => ({
        ...{ fullyQualifiedName: `s.d.shop.${name}`, profileQuery: 'SELECT 1 AS id', profileSample: 50 },
        ...own,
      })),
    });
    const costly = await said(both({}), { budget: { statements: 2 } });
    expect(costly.listed).to.deep.equal([]);
    expect(costly.isIncomplete).to.equal(true);
    expect(costly.notes).to.deep.equal([
      '2 tables are not profiled, as each takes more statements than a whole run may send (workflowConfig.config.profiler.budget.statements: 2): s.d.shop.orders, s.d.shop.b. Raise the budget to 3 or more, or measure less of these tables (columnConfig, metrics).',
    ]);
  });

  it('is one note of 2,000 tables, whose names it has ten of', () => {
    const notes: string[] = [];
    const recorder = { note: (text: string) => void notes.push(text), incomplete: () => undefined };
    const alike = new AlikeTables();
    for (let at = 0; at < 2_000; at += 1) alike.seeTooLarge(`t${at}`, '9 rows are more than maxRows (5)', at % 2 === 0);
    alike.tell(recorder, undefined);
    expect(notes).to.have.length(2);
    expect(notes[0]).to.match(
      /^1,000 tables are larger than maxRows or maxBytes, and get the metrics that cost nothing: t0, t2, .* t18 and 990 more\.$/
    );
    expect(notes[1]).to.match(/^1,000 tables .*, and are not profiled, .*: t1, t3, /);
  });
});
