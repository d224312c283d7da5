import { expect } from 'chai';
import { read, refusal } from './recipe-fixture.js';

interface Written {
  readonly source?: string;
  readonly processor?: string;
  readonly type?: string;
  readonly config?: string;
}

const recipe = ({ source = '', processor, type = 'mysql', config = 'type: Profiler' }: Written): string =>
  `source: {type: ${type}, serviceName: shop, sourceConfig: {config: {${config}${source === '' ? '' : `, ${source}`}}}}
sink: {type: metadata-rest, config: {}}
${processor !== undefined || type === 'mysql' ? `processor: {type: orm-profiler, config: ${processor ?? '{}'}}` : ''}
workflowConfig:
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${T}'}}
`;
const told = (written: Written): string => read(recipe(written)).warnings.join('\n');
const refused = (written: Written): string => refusal(() => read(recipe(written)));
const table = (keys: string): Written => ({
  processor: `{tableConfig: [{fullyQualifiedName: shop.a.b.c, ${keys}}]}`,
});
const partition = (keys: string): Written => table(`partitionConfig: {enablePartitioning: true, ${keys}}`);

describe('The size of a sample', () => {
  const nested = (keys: string): string => `profileSampleConfig: {config: {${keys}}}`;
  const PLACES: readonly (readonly [string, (keys: string) => Written])[] = [
    ['sourceConfig', (keys) => ({ source: nested(keys) })],
    ['a tableConfig', table],
    ['a tableConfig, nested', (keys) => table(nested(keys))],
    ['a schemaConfig', (keys) => ({ processor: `{schemaConfig: [{fullyQualifiedName: shop.a.b, ${keys}}]}` })],
    ['a databaseConfig', (keys) => ({ processor: `{databaseConfig: [{fullyQualifiedName: shop.a, ${keys}}]}` })],
    [
      'a threshold',
      (keys) =>
        table(
          `profileSampleConfig: {sampleConfigType: DYNAMIC, config: {smartSampling: false, thresholds: [{rowCountThreshold: 9, ${keys}}]}}`
        ),
    ],
    [
      'tests',
      (keys) => ({
        type: 'TestSuite',
        config: `type: TestSuite, entityFullyQualifiedName: shop.a.b.c, ${nested(keys)}`,
      }),
    ],
  ];
  for (const [place, written] of PLACES)
    it(`is warned of in ${place} if it is no row, or more than all`, () => {
      expect(told(written('profileSample: 150'))).to.match(
        /profileSample: found 150 \(PERCENTAGE\): all rows .*Allowed/
      );
      expect(told(written('profileSample: 0'))).to.match(/profileSample: found 0 \(PERCENTAGE\): no row .*Allowed/);
      expect(told(written('profileSample: 0, profileSampleType: ROWS'))).to.match(/found 0 \(ROWS\): no row .*Allowed/);
      expect(told(written('profileSample: 0.5, profileSampleType: ROWS'))).to.match(/one row .*PERCENTAGE` if 0\.5 %/);
      expect(told(written('profileSample: 1.5, profileSampleType: ROWS'))).to.match(/found 1\.5 \(ROWS\): 2 rows are/);
      expect(refused(written('profileSample: -1'))).to.match(/profileSample: found the number -1; the least is 0/);
      for (const keys of ['profileSample: 100', 'profileSample: 0.1', 'profileSample: 150, profileSampleType: ROWS'])
        expect(told(written(keys))).to.equal('');
    });
});

describe('A sample of more rows than the source takes', () => {
  const of = (type: string, rows: number): string =>
    told({ type, source: `profileSampleConfig: {config: {profileSample: ${rows}, profileSampleType: ROWS}}` });

  it('is warned of, with what is measured', () => {
    expect(of('snowflake', 1_000_001)).to.match(
      /profileSample: found 1000001 \(ROWS\): Snowflake samples 1000000 rows at most, .*Allowed: 1 to 1000000\. .*PERCENTAGE/
    );
    expect(of('snowflake', 1_000_000)).to.equal('');
    expect(of('mysql', 1_000_001)).to.equal('');
  });
});

describe('Entries of the same name', () => {
  it('are warned of from the second on, with the one that counts', () => {
    const config = `{tableConfig: [{fullyQualifiedName: shop.a.b.c, profileSample: 5}, {fullyQualifiedName: 'shop."a".b.c'}],
  schemaConfig: [{fullyQualifiedName: shop.a.b}]}`;
    expect(told({ processor: config })).to.match(
      /tableConfig\[1\]\.fullyQualifiedName: has no effect: .* the first counts \(processor\.config\.tableConfig\[0\]/
    );
    expect(
      told({ processor: '{tableConfig: [{fullyQualifiedName: shop.a.b.c}, {fullyQualifiedName: shop.a.b.C}]}' })
    ).to.equal('');
  });
});

describe('Metrics of which none is measured', () => {
  const CASES: readonly (readonly [string, Written, RegExp | undefined])[] = [
    ['no name', { source: 'metrics: []' }, /leaves nothing to do: metrics has no name, .*custom metrics fails/],
    ['columnNames', { source: 'metrics: [columnNames]' }, /leaves nothing to do: metrics has none of what is measured/],
    [
      'no name in the processor',
      { processor: '{profiler: {metrics: []}}' },
      /leaves nothing to do: metrics has no name/,
    ],
    ['those of tables', { source: 'metrics: [rowCount], computeColumnMetrics: false' }, undefined],
    ['no name, and rows to show', { source: 'metrics: [], generateSampleData: true' }, undefined],
  ];
  for (const [name, written, says] of CASES)
    it(`are ${says === undefined ? 'not ' : ''}warned of: ${name}`, () => {
      if (says === undefined) expect(told(written)).to.not.contain('nothing to do');
      else expect(told(written)).to.match(says);
    });
});

describe('The partition of a tableConfig', () => {
  const CASES: readonly (readonly [string, string, RegExp])[] = [
    ['no type', 'partitionColumnName: d', /has partitionColumnName and no partitionIntervalType\. Allowed: TIME-UNIT/],
    [
      'no column',
      'partitionIntervalType: COLUMN-VALUE, partitionValues: [1]',
      /lacks partitionColumnName\. .*needs partitionColumnName, partitionValues/,
    ],
    ['no value', 'partitionColumnName: d, partitionIntervalType: COLUMN-VALUE', /lacks partitionValues/],
    [
      'an empty list',
      'partitionColumnName: d, partitionIntervalType: COLUMN-VALUE, partitionValues: []',
      /partitionConfig\.partitionValues: found no value/,
    ],
    [
      'no end',
      'partitionColumnName: d, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: 1',
      /lacks partitionIntegerRangeEnd/,
    ],
    [
      'an end before its start',
      'partitionColumnName: d, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: 9, partitionIntegerRangeEnd: 1',
      /partitionIntegerRangeEnd: found 1, which is less than partitionIntegerRangeStart \(9\)/,
    ],
    [
      'no interval',
      'partitionColumnName: d, partitionIntervalType: TIME-UNIT',
      /lacks partitionInterval and partitionIntervalUnit/,
    ],
    [
      'a negative interval',
      'partitionColumnName: d, partitionIntervalType: INGESTION-TIME, partitionInterval: -7, partitionIntervalUnit: DAY',
      /partitionInterval: found -7; allowed: 1 or more/,
    ],
  ];
  for (const [name, keys, message] of CASES)
    it(`is refused with ${name}, unless it is switched off`, () => {
      expect(refused(partition(keys))).to.match(message);
      expect(told(table(`partitionConfig: {enablePartitioning: false, ${keys}}`))).to.equal('');
    });

  it('is warned of if it begins now, or is none', () => {
    const now =
      'partitionColumnName: d, partitionIntervalType: TIME-UNIT, partitionInterval: 0, partitionIntervalUnit: DAY';
    expect(told(partition(now))).to.match(/partitionInterval: found 0: .*Write 1 or more/);
    expect(told(partition(now.replace(': 0', ': 7')))).to.equal('');
    expect(told(partition('partitionInterval: 7'))).to.match(/partitionConfig: has no effect: it names no/);
    const one =
      'partitionColumnName: d, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: 1, partitionIntegerRangeEnd: 1';
    expect(told(partition(one))).to.equal('');
  });
});

describe('The range of a tableConfig', () => {
  const range = (start: string, end: string): Written =>
    partition(
      `partitionColumnName: d, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: ${start}, partitionIntegerRangeEnd: ${end}`
    );
  const bounds = (start: string, end: string): unknown[] => {
    const { recipe: found } = read(recipe(range(start, end)));
    const keys = found.kind === 'profiler' ? found.processor?.config?.tableConfig?.[0]?.partitionConfig : undefined;
    return [keys?.partitionIntegerRangeStart, keys?.partitionIntegerRangeEnd];
  };

  it('has whole numbers of any size, in quotes or not', () => {
    expect(bounds('9007199254740993', '18446744073709551615')).to.deep.equal([
      ...['9007199254740993', '18446744073709551615'],
    ]);
    expect(bounds("'-9007199254740993'", "' +7.0 '")).to.deep.equal(['-9007199254740993', '7']);
    expect(bounds('&a 0x20000000000001', '*a')).to.deep.equal(['9007199254740993', '9007199254740993']);
    expect(bounds('0x10', '1e3')).to.deep.equal([16, 1000]);
  });

  it('is refused with what is none, and by its exact order', () => {
    for (const odd of ['1e20', '1.50', 'abc', '9007199254740993.5'])
      expect(refused(range(odd, '9'))).to.include(`Start: found \`${odd}\`; expected a whole number.`);
    expect(refused(range('9007199254740993', '9007199254740992'))).to.include(
      'found 9007199254740992, which is less than partitionIntegerRangeStart (9007199254740993)'
    );
  });
});

describe('The partitionValues of a tableConfig', () => {
  const values = (list: string, before = ''): unknown => {
    const by = `partitionColumnName: d, partitionIntervalType: COLUMN-VALUE, partitionValues: ${list}`;
    const { recipe: found } = read(before + recipe(partition(by)));
    return found.kind === 'profiler' && found.processor?.config?.tableConfig?.[0]?.partitionConfig?.partitionValues;
  };

  it('are as they are written where YAML reads something else', () => {
    expect(values('[9007199254740993, 18446744073709551615, -12345678901234567]')).to.deep.equal([
      ...['9007199254740993', '18446744073709551615', '-12345678901234567'],
    ]);
    expect(values('[007, 1.10, 1e3, 0x10, +5, .5, True]')).to.deep.equal([
      ...['007', '1.10', '1e3', '0x10', '+5', '.5', 'True'],
    ]);
    expect(values("[7, -1.5, true, 'x', '007']")).to.deep.equal([7, -1.5, true, 'x', '007']);
  });

  it('are so behind an alias, which leaves what it repeats as it is', () => {
    const list = 'partitionColumnName: d, partitionIntervalType: COLUMN-VALUE, partitionValues: [*all]';
    const { recipe: found } = read(recipe({ ...partition(list), source: 'timeoutSeconds: &all 1e1' }));
    if (found.kind !== 'profiler') throw new Error('no recipe of the profiler');
    expect(found.processor?.config?.tableConfig?.[0]?.partitionConfig?.partitionValues).to.deep.equal(['1e1']);
    expect(found.source.sourceConfig.config.timeoutSeconds).to.equal(10);
  });

  it('are so behind an anchor, whose aliases elsewhere are what YAML reads', () => {
    const by = 'partitionColumnName: d, partitionIntervalType: COLUMN-VALUE, partitionValues: [&all 50.0, *all]';
    const { recipe: found } = read(recipe(table(`partitionConfig: {${by}}, profileSample: *all`)));
    const entry = found.kind === 'profiler' ? found.processor?.config?.tableConfig?.[0] : undefined;
    expect(entry).to.deep.include({ profileSample: 50 });
    expect(entry?.partitionConfig?.partitionValues).to.deep.equal(['50.0', '50.0']);
  });

  it('may stand in braces or angles, as arrays of PostgreSQL do; not what templates leave', () => {
    expect(values("['{AB}', '<none>', '{3,1}']")).to.deep.equal(['{AB}', '<none>', '{3,1}']);
    expect(() => values("['{{ ds }}']")).to.throw(/the placeholder `{{ ds }}` was not replaced/);
    expect(() => values("['${NOT_THERE}']")).to.throw(/NOT_THERE/);
  });
});

describe('The profileQuery of a tableConfig', () => {
  for (const [sql, reason] of [
    ['DELETE FROM orders', 'DELETE is not a part of a statement that only reads'],
    ['SELECT 1; DROP TABLE orders', 'holds more than one statement'],
    ['WITH x AS (DELETE FROM orders RETURNING id) SELECT id FROM x', 'DELETE is not a part'],
    ['WITH x AS (DELETE/*,*/FROM orders RETURNING id) SELECT id FROM x', 'DELETE is not a part'],
    ['WITH x AS (UPDATE /*! +1 */ orders SET id = 1) SELECT id FROM x', '/*! is not a part'],
    ['WITH x AS (UPDATE -- = 1\n orders SET id = 1 RETURNING id) SELECT id FROM x', 'UPDATE is not a part'],
    ['WITH x AS (UPDATE "orders" SET id = 1 RETURNING id) SELECT id FROM x', 'UPDATE is not a part'],
    ['WITH x AS (SELECT 1) UPDATE (orders) SET id = 1', 'UPDATE is not a part'],
    ['WITH x AS (SELECT 1) INSERT INTO orders SELECT 1', 'INSERT is not a part'],
    ['WITH x AS (SELECT 1) DELETE .orders WHERE id = 1', 'DELETE is not a part'],
    ['WITH x AS (MERGE INTO orders USING o ON a = b WHEN MATCHED THEN DELETE) SELECT 1', 'MERGE is not a part'],
    [
      'SELECT sum(update) FROM t WHERE (delete LIKE 1)',
      'DELETE is not a part of a statement that only reads. A column of this name goes in quotes.',
    ],
    ['SELECT id INTO other FROM orders', 'INTO is not a part'],
    ['-- all of them', 'holds no statement'],
  ] as const)
    it(`is refused if it is no single SELECT: ${sql}`, () => {
      expect(refused(table(`profileQuery: ${JSON.stringify(sql)}`)))
        .to.contain('processor.config.tableConfig[0].profileQuery: the query ')
        .and.contain(reason)
        .and.contain('Allowed: one SELECT.');
    });

  it('is refused if it calls what the run refuses of this engine', () => {
    const reason = (type: string, sql: string): string =>
      refusal(() => read(recipe({ ...table(`profileQuery: ${JSON.stringify(sql)}`), type })));
    expect(reason('snowflake', 'SELECT SYSTEM$WAIT(1) AS a')).to.match(
      /tableConfig\[0\]\.profileQuery: the query is refused: SYSTEM\$WAIT does more than read\. .*Allowed: one SELECT\./
    );
    expect(reason('snowflake', 'SELECT s1.NEXTVAL')).to.contain('NEXTVAL does more than read');
    expect(reason('snowflake', 'SELECT 1 ->> DROP TABLE t')).to.contain('->> runs one statement behind another');
    expect(reason('mysql', "SELECT LOAD_FILE('/x') AS a")).to.contain('LOAD_FILE does more than read');
    for (const [sql, word] of [
      ["SELECT set_config('transaction_read_only', 'off', false) AS a", 'SET_CONFIG'],
      ["SELECT * FROM dblink('host=x', 'SELECT 1') AS t(a int)", 'DBLINK'],
      ['SELECT pg_terminate_backend(1) AS a', 'PG_TERMINATE_BACKEND'],
      ["SELECT lo_import('/etc/passwd') AS a", 'LO_IMPORT'],
    ] as const)
      expect(reason('postgres', sql)).to.contain(`${word} does more than read`);
    // comments of every server but these
    const hinted = 'SELECT /*!50000 SLEEP(2) */ id FROM orders';
    expect(reason('mysql', hinted)).to.contain("/*! is not a part of users' SQL");
    for (const type of ['postgres', 'snowflake', 'sqlite'])
      expect(() => read(recipe({ ...table(`profileQuery: ${JSON.stringify(hinted)}`), type }))).to.not.throw();
    // a backslash before a quote, as this engine has it
    const path = String.raw`SELECT id FROM orders WHERE path = 'C:\' AND note = ';'`;
    expect(reason('mysql', path)).to.contain('the query ');
    const two = String.raw`SELECT id FROM orders WHERE path <> 'a\'; DELETE FROM orders -- '`;
    expect(reason('sqlite', two)).to.contain('more than one statement');
    // no comment of PostgreSQL's, and no division
    expect(reason('postgres', 'WITH x AS (DELETE /*! */ FROM orders) SELECT 1')).to.contain('the query is refused');
    expect(told(table(`profileQuery: "SELECT a->>'$.b' AS b, t.nextval FROM t"`))).to.equal('');
  });

  it('is taken where an engine may read it as one SELECT, which has words of writing in texts and names', () => {
    for (const sql of [
      "SELECT id FROM orders WHERE note = 'a; DELETE';",
      String.raw`SELECT id FROM orders WHERE note = 'it\'s; so'`,
      'WITH x AS (SELECT 1 AS id) SELECT id FROM x',
      'SELECT REPLACE(name, 1, 2) AS name, x.update FROM x',
      'SELECT sum(update + delete) AS a, count(update), max(merge)update, min(delete - 1) AS b FROM t',
      'SELECT id FROM t WHERE (insert IS NULL OR delete = 1) AND (update/2 > 1 AND (update::int > 0)) AND (update -- all\n > 2)',
    ])
      expect(told(table(`profileQuery: ${JSON.stringify(sql)}`))).to.equal('');
  });
});

describe('A custom query of a test in a recipe', () => {
  const cases = (sql: string, definition = 'tableCustomSQLQuery', parameter = 'sqlExpression'): string =>
    recipe({ type: 'TestSuite', config: 'type: TestSuite, entityFullyQualifiedName: shop.a.b.c' }).replace(
      '\nworkflowConfig:',
      `\nprocessor: {type: orm-test-runner, config: {testCases: [{name: n, testDefinitionName: ${definition}, parameterValues: [{name: ${parameter}, value: ${JSON.stringify(sql)}}]}]}}\nworkflowConfig:`
    );

  it('is warned of if it is no single SELECT', () => {
    expect(read(cases('DELETE FROM orders')).warnings.join()).to.match(
      /testCases\[0\]\.parameterValues\[0\]\.value: the test ends Aborted: .*DELETE is not a part .*Give one SELECT\./
    );
    expect(read(cases("SELECT id FROM orders WHERE note = 'DELETE'")).warnings).to.deep.equal([]);
    const chained = cases('SELECT 1 ->> DROP TABLE t').replace(
      'sourceConfig: {config: {',
      'sourceConfig: {config: {serviceConnections: [{serviceName: shop, serviceConnection: {config: {type: Snowflake, username: u, account: a, warehouse: w}}}], '
    );
    expect(read(chained).warnings.join()).to.match(/the test ends Aborted: .*->> runs one statement behind another/);
  });

  for (const [definition, parameter] of [
    ['tableCustomSQLQuery', 'partitionExpression'],
    ['tableDiff', 'where'],
  ] as const)
    it(`is warned of if the ${parameter} of ${definition} is more than a condition that reads`, () => {
      const told = (sql: string): string => read(cases(sql, definition, parameter)).warnings.join();
      for (const [sql, reason] of REFUSED_CONDITIONS)
        expect(told(sql)).to.match(
          new RegExp(String.raw`parameterValues\[0\]\.value: the test ends Aborted: the condition ${reason}.*Give one`)
        );
      for (const sql of ALLOWED_CONDITIONS) expect(told(sql)).to.equal('');
    });

  it('is looked at only where it enters a statement as SQL', () => {
    for (const parameter of ['constructor', 'regex'])
      expect(read(cases('DELETE FROM orders', 'tableDiff', parameter)).warnings).to.deep.equal([]);
  });
});

const REFUSED_CONDITIONS = [
  ['id > 1; DELETE FROM orders', 'holds more than one statement'],
  ['id > 1) OR (1 = 1', 'has brackets that do not belong together'],
  ['id IN (WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone)', 'is refused: DELETE is not a part'],
  ["id > 1 INTO OUTFILE '/tmp/x'", 'is refused: INTO is not a part'],
] as const;
const ALLOWED_CONDITIONS = [
  "note <> 'a; DELETE)' AND id > 1 -- until now",
  String.raw`path <> 'C:\' AND note = ')'`,
  'id IN (SELECT id FROM lately) AND REPLACE(note, 1, 2) = 3',
  '',
];

for (const type of ['mysql-lineage', 'mysql-usage'])
  describe(`The filterCondition of ${type}`, () => {
    const config = type === 'mysql-usage' ? 'type: DatabaseUsage' : 'type: DatabaseLineage';
    const written = (sql: string): Written => ({ type, config, source: `filterCondition: ${JSON.stringify(sql)}` });

    it('is refused if it is more than a condition that reads', () => {
      for (const [sql, reason] of REFUSED_CONDITIONS)
        expect(refused(written(sql))).to.match(new RegExp(`filterCondition: .*the condition ${reason}.*Allowed: one`));
      for (const sql of ALLOWED_CONDITIONS) expect(told(written(sql))).to.equal('');
    });
  });

describe('The filterCondition of a connector', () => {
  it('is refused if it calls what changes something in this engine', () => {
    for (const [kind, config] of [
      ['usage', 'type: DatabaseUsage'],
      ['lineage', 'type: DatabaseLineage'],
    ] as const) {
      const written = (type: string, sql: string): Written => ({
        ...{ type: `${type}-${kind}`, config, source: `filterCondition: ${JSON.stringify(sql)}` },
      });
      expect(refused(written('snowflake', "SYSTEM$CANCEL_QUERY('1') IS NULL"))).to.match(
        /config\.filterCondition: the condition is refused: SYSTEM\$CANCEL_QUERY does more .*Allowed: one condition/
      );
      expect(refused(written('mysql', "GET_LOCK('a', 1) = 1"))).to.contain('GET_LOCK does more than read');
      expect(told(written('snowflake', "QUERY_TEXT NOT LIKE '%SYSTEM$CANCEL_QUERY(%'"))).to.equal('');
    }
  });
});

describe('The name of an entry of a profiler recipe', () => {
  for (const [key, fqn, message] of [
    [
      'tableConfig',
      'shop.a.b',
      /has 3 names; expected .* of a table, service\.database\.schema\.table,.*in schemaConfig\./,
    ],
    ['tableConfig', 'c', /has one name; expected/],
    ['schemaConfig', 'shop.a.b.c', /has 4 names; expected .* of a schema, .* One of a table stands in tableConfig\./],
    ['databaseConfig', 'shop..a', /cannot be split into names; expected .* of a database, service\.database,/],
  ] as const)
    it(`is refused if ${key} has ${fqn}`, () => {
      const text = refused({ processor: `{${key}: [{fullyQualifiedName: ${fqn}}]}` });
      expect(text).to.match(message).and.contain(`processor.config.${key}[0].fullyQualifiedName: found \`${fqn}\``);
    });

  it('is refused together with what else is wrong', () => {
    const text = refused({
      processor:
        '{tableConfig: [{fullyQualifiedName: shop.a.b}, {fullyQualifiedName: shop.a.b.c, profileQuery: DROP TABLE c}]}',
    });
    expect(text).to.contain('tableConfig[0].fullyQualifiedName').and.contain('tableConfig[1].profileQuery');
  });

  it('is warned of if it is of another service, and may have a dot in quotes', () => {
    const other = {
      processor: '{tableConfig: [{fullyQualifiedName: store.a.b.c}], databaseConfig: [{fullyQualifiedName: shop.a}]}',
    };
    expect(told(other)).to.match(
      /tableConfig\[0\]\.fullyQualifiedName: has no effect: found an entry of the service `store`, but source\.serviceName is `shop`\. Write `shop`/
    );
    expect(told({ processor: `{tableConfig: [{fullyQualifiedName: 'shop.a."b.b".c'}]}` })).to.equal('');
  });
});
