import { expect } from 'chai';
import { read, refusal } from './recipe-fixture.js';

interface Written {
  readonly type: string;
  readonly config: string;
  readonly own?: string;
  readonly rest?: string;
  readonly sink?: string;
  readonly server?: string;
}

const recipe = ({ type, config, own = '{}', rest = '', sink = '{}', server = '' }: Written): string => `source:
  type: ${type}
  serviceName: shop
  sourceConfig: {config: {${config}}}
sink: {type: metadata-rest, config: ${sink}}
${rest}
workflowConfig:
  config: ${own}
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, ${server} securityConfig: {jwtToken: '\${T}'}}
`;
/** `key: reason` of each warning. */
const warnings = (written: Written): string[] =>
  read(recipe(written)).warnings.map((line) => line.replace(/^recipe\.yaml:\d+: (?:[\w[\]]+\.)*(?=\S+: )/, ''));

const METADATA = 'type: DatabaseMetadata';
const LINEAGE = 'type: DatabaseLineage';
const USAGE = 'type: DatabaseUsage';
const PROFILER = 'type: Profiler';
const TESTS = 'type: TestSuite, entityFullyQualifiedName: shop.a.b.c';

const CASES: readonly (readonly [name: string, written: Written, said: RegExp])[] = [
  [
    'maxSessions of SQLite',
    { type: 'sqlite', config: METADATA, own: '{maxSessions: 2}' },
    /^maxSessions: .*: sqlite has no sessions/,
  ],
  [
    'maxSessions of tests',
    { type: 'TestSuite', config: TESTS, own: '{maxSessions: 2}' },
    /^maxSessions: .*several sources/,
  ],
  [
    'incremental where the source reads all',
    { type: 'mysql', config: `${METADATA}, incremental: {enabled: true}` },
    /^incremental: .*mysql .*snowflake/,
  ],
  [
    'incremental without a pipeline',
    { type: 'snowflake', config: `${METADATA}, incremental: {enabled: true}` },
    /without ingestionPipelineFQN/,
  ],
  [
    'exactPercentiles',
    { type: 'mysql', config: PROFILER, own: '{profiler: {exactPercentiles: true}}' },
    /^exactPercentiles: /,
  ],
  [
    'approximateDistinct',
    { type: 'postgres', config: PROFILER, own: '{profiler: {approximateDistinct: true}}' },
    /^approximateDistinct: /,
  ],
  [
    'samplingMethodType',
    {
      type: 'mysql',
      config: `${PROFILER}, profileSampleConfig: {config: {profileSample: 5, samplingMethodType: SYSTEM}}`,
    },
    /^samplingMethodType: .*snowflake/,
  ],
  [
    'metrics of tests',
    { type: 'mysql', config: `${PROFILER}, metrics: [min, countInSet]` },
    /^metrics\[1\]: .*countInSet/,
  ],
  [
    'profiler.name',
    { type: 'mysql', config: PROFILER, rest: 'processor: {type: orm-profiler, config: {profiler: {name: x}}}' },
    /^name: /,
  ],
  [
    'settings of the query parser',
    { type: 'mysql-usage', config: USAGE, rest: 'processor: {type: query-parser, config: {foo: 1}}' },
    /processor\.config: |^config: /,
  ],
  [
    'bulk_sink_batch_size',
    { type: 'mysql-lineage', config: LINEAGE, sink: '{bulk_sink_batch_size: 5}' },
    /^bulk_sink_batch_size: /,
  ],
  [
    'async_pipeline_workers',
    { type: 'mysql', config: PROFILER, sink: '{async_pipeline_workers: 5}' },
    /^async_pipeline_workers: /,
  ],
  [
    'storeServiceConnection',
    { type: 'mysql', config: PROFILER, server: 'storeServiceConnection: false,' },
    /^storeServiceConnection: /,
  ],
  [
    'resultLimit of files',
    { type: 'mysql-usage', config: `${USAGE}, queryLogFilePath: /l, resultLimit: 5` },
    /^resultLimit: .*files/,
  ],
  [
    'resultLimit where the source counts',
    { type: 'postgres-usage', config: `${USAGE}, resultLimit: 5` },
    /^resultLimit: .*postgres counts/,
  ],
  [
    'procedures where the log knows none',
    { type: 'mysql-lineage', config: `${LINEAGE}, storedProcedureFilterPattern: {includes: [a]}` },
    /^storedProcedureFilterPattern: .*mysql has a log that.*effect for snowflake/,
  ],
  [
    'procedures of files',
    {
      type: 'snowflake-lineage',
      config: `${LINEAGE}, queryLogFilePath: /l, processStoredProcedureLineage: false`,
    },
    /^processStoredProcedureLineage: .*files/,
  ],
  [
    'samplingMethodType of tests',
    {
      type: 'TestSuite',
      config: `${TESTS}, profileSampleConfig: {config: {profileSample: 5, samplingMethodType: SYSTEM}}, serviceConnections: [{serviceName: shop, serviceConnection: {config: {type: Mysql, username: u, hostPort: 'h:1'}}}]`,
    },
    /^samplingMethodType: .*mysql/,
  ],
  [
    'metrics of columns that are not computed',
    { type: 'mysql', config: `${PROFILER}, computeColumnMetrics: false, metrics: [min]` },
    /^metrics: .*computeColumnMetrics is false/,
  ],
  [
    'columnConfig of columns that are not computed',
    {
      type: 'mysql',
      config: `${PROFILER}, computeColumnMetrics: false`,
      rest: 'processor: {type: orm-profiler, config: {tableConfig: [{fullyQualifiedName: shop.b.c.d, columnConfig: {excludeColumns: [x]}}]}}',
    },
    /^columnConfig: .*computeColumnMetrics is false/,
  ],
  [
    'queryLogDuration of files',
    { type: 'mysql-usage', config: `${USAGE}, queryLogFilePath: /l, queryLogDuration: 5` },
    /^queryLogDuration: .*files/,
  ],
  [
    'procedures of a source that has none',
    { type: 'sqlite', config: `${METADATA}, storedProcedureFilterPattern: {includes: [a]}` },
    /^storedProcedureFilterPattern: .*sqlite reads no procedures/,
  ],
  [
    'procedures that are left out',
    {
      type: 'mysql',
      config: `${METADATA}, includeStoredProcedures: false, storedProcedureFilterPattern: {includes: [a]}`,
    },
    /^storedProcedureFilterPattern: .*includeStoredProcedures is false/,
  ],
  [
    'more threads than there are',
    { type: 'mysql', config: `${PROFILER}, threadCount: 21` },
    /^threadCount: .*above 20/,
  ],
  [
    'the loader of no manager',
    { type: 'mysql', config: METADATA, server: 'secretsManagerLoader: env,' },
    /^secretsManagerLoader: .*`db`/,
  ],
  [
    'the service beside a table of another',
    { type: 'TestSuite', config: TESTS.replace('shop.', 'store.') },
    /^serviceName: .*store/,
  ],
  [
    'a CA that nobody asks for',
    { type: 'mysql', config: METADATA, server: 'sslConfig: {caCertificate: /ca.pem},' },
    /^caCertificate: .*no-ssl/,
  ],
  [
    'a client certificate without TLS',
    { type: 'mysql', config: METADATA, server: 'sslConfig: {sslCertificate: /c.pem},' },
    /^sslCertificate: .*https/,
  ],
  [
    'lineage of nothing',
    { type: 'mysql-lineage', config: `${LINEAGE}, processViewLineage: false, processQueryLineage: false` },
    /nothing to do: processViewLineage and processQueryLineage are false/,
  ],
  [
    'lineage of nothing that there is',
    { type: 'sqlite-lineage', config: `${LINEAGE}, processViewLineage: false` },
    /nothing to do: processViewLineage is false, and sqlite has no query log/,
  ],
  [
    'a profile of nothing',
    { type: 'mysql', config: `${PROFILER}, computeTableMetrics: false, computeColumnMetrics: false` },
    /nothing to do: computeTableMetrics/,
  ],
  [
    'log keys without queries',
    { type: 'mysql-lineage', config: `${LINEAGE}, processQueryLineage: false, queryLogDuration: 3` },
    /^queryLogDuration: .*processQueryLineage is false/,
  ],
  [
    'overrideViewLineage',
    { type: 'mysql-lineage', config: `${LINEAGE}, processViewLineage: false, overrideViewLineage: true` },
    /^overrideViewLineage: /,
  ],
  [
    'crossDatabaseServiceNames',
    { type: 'mysql-lineage', config: `${LINEAGE}, crossDatabaseServiceNames: [x]` },
    /^crossDatabaseServiceNames: /,
  ],
  [
    'queries of a source without a log',
    { type: 'sqlite-lineage', config: `${LINEAGE}, processQueryLineage: true` },
    /^processQueryLineage: .*sqlite has no query log/,
  ],
];

describe('A key that has no effect in a recipe like this one', () => {
  for (const [name, written, said] of CASES) {
    it(`is warned of once: ${name}`, () => {
      const found = warnings(written);
      expect(found, JSON.stringify(found)).to.have.length(1);
      expect(found[0])
        .to.match(said)
        .and.match(/has no effect|leaves nothing to do/);
    });
  }

  it('is nothing to warn of where it has one, or says what happens anyway', () => {
    const none: readonly Written[] = [
      { type: 'mysql', config: METADATA, own: '{maxSessions: 9}', sink: '{bulk_sink_batch_size: 5}' },
      { type: 'snowflake', config: `${METADATA}, incremental: {enabled: true}`, rest: 'ingestionPipelineFQN: shop.p' },
      { type: 'mysql', config: `${METADATA}, incremental: {enabled: false}`, server: 'storeServiceConnection: false,' },
      {
        type: 'mysql-usage',
        config: USAGE,
        rest: 'processor: {type: query-parser, config: {}}',
        sink: '{bulk_sink_batch_size: 100}',
      },
      { type: 'sqlite-lineage', config: LINEAGE },
      {
        type: 'snowflake-lineage',
        config: `${LINEAGE}, queryLogDuration: 3, storedProcedureFilterPattern: {includes: [a]}`,
      },
      { type: 'mysql', config: `${PROFILER}, computeColumnMetrics: false, metrics: [min, rowCount]` },
    ];
    expect(none.flatMap(warnings)).to.deep.equal([]);
  });
});

describe('A recipe that can never do what it says', () => {
  it('is refused: usage without a log, a profile without measures, a metric that is none, an argument that no driver takes', () => {
    const told = (written: Written): string => refusal(() => read(recipe(written)));
    expect(told({ type: 'sqlite-usage', config: USAGE })).to.match(
      /queryLogFilePath: is required and missing: `sqlite` has no log for usage runs/
    );
    expect(told({ type: 'mysql-usage', config: USAGE, own: "{usage: {includeUsers: ['(']}}" })).to.match(
      /workflowConfig\.config\.usage\.includeUsers\[0\]: .*valid pattern/
    );
    for (const key of ['includeUsers', 'excludeUsers'])
      expect(told({ type: 'mysql-usage', config: USAGE, own: `{usage: {${key}: [ann, '']}}` })).to.match(
        new RegExp(`usage\\.${key}: .*empty pattern, which matches every login`)
      );
    const columns =
      '{tableConfig: [{fullyQualifiedName: shop.d.m.t, columnConfig: {includeColumns: [{columnName: id, metrics: [nope, MIN, mediann]}]}}]}';
    expect(told({ type: 'mysql', config: PROFILER, rest: `processor: {type: orm-profiler, config: ${columns}}` }))
      .to.match(/metrics\[0\]: found `nope`, which is no metric/)
      .and.match(/metrics\[2\]: .*Did you mean `median`/);
    const connected = recipe({ type: 'mysql', config: METADATA }).replace(
      '  sourceConfig',
      '  serviceConnection: {config: {type: Mysql, username: u, hostPort: "h:1", authType: {password: "${P}"}, connectionArguments: {constructor: 1}}}\n  sourceConfig'
    );
    expect(refusal(() => read(connected))).to.match(
      /source\.serviceConnection\.config\.connectionArguments\.constructor: .*not an argument of the MySQL connection/
    );
  });
});
