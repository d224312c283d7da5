import { expect } from 'chai';
import { forgetSecret } from '../../../src/secrets/index.js';
import { read, readMetadata, RECIPE, edited, refusal } from './recipe-fixture.js';

const MYSQL_KEYS =
  'Keys of Mysql connection: authType, connectionArguments, connectionOptions, databaseFilterPattern, databaseName, databaseSchema, ' +
  'hostPort, password, queryHistoryTable, sampleDataStorageConfig, schemaFilterPattern, scheme, sslConfig, ' +
  'storedProcedureFilterPattern, supportsDBTExtraction, supportsDataDiff, supportsLineageExtraction, supportsMetadataExtraction, ' +
  'supportsProfiler, supportsQueryComment, supportsUsageExtraction, tableFilterPattern, type, useSlowLogs, username.';
const CONFIG = 'source.sourceConfig.config';
const CONNECTION = 'source.serviceConnection.config';
const SERVER = 'workflowConfig.openMetadataServerConfig';

/** What is written into the sound recipe, and all that is said of it. */
const FAULTS: readonly (readonly [name: string, from: string, to: string, message: string])[] = [
  [
    'a misspelt key of the connection',
    'hostPort: localhost',
    'hostPrt: localhost',
    `recipe.yaml:5: ${CONNECTION}.hostPort: is required and missing. host:port, for example localhost:3306.\n` +
      `recipe.yaml:10: ${CONNECTION}.hostPrt: unknown key. Did you mean \`hostPort\`? ${MYSQL_KEYS.replace(' password,', '')}`,
  ],
  [
    'a key that is like no other',
    'sink:',
    'colour: red\nsink:',
    'recipe.yaml:15: colour: unknown key. Keys of recipe: bulkSink, enableStreamableLogs, ingestionPipelineFQN, ' +
      'ingestionRunnerName, pipelineRunId, processor, sink, source, stage, workflowConfig.',
  ],
  [
    'a key of another model',
    'threads: 2',
    'parsingTimeoutLimt: 10',
    `recipe.yaml:14: ${CONFIG}.parsingTimeoutLimt: unknown key. Did you mean \`queryParsingTimeoutLimit\`? Keys of DatabaseMetadata config: databaseFilterPattern, ` +
      'extractJsonSchema, includeCustomProperties, includeDDL, includeOwners, includeStoredProcedures, includeTables, includeTags, ' +
      'includeViews, incremental, jsonSchemaSampleSize, markDeletedDatabases, markDeletedSchemas, markDeletedStoredProcedures, ' +
      'markDeletedTables, overrideMetadata, ownerConfig, queryLogDuration, queryParsingTimeoutLimit, schemaFilterPattern, ' +
      'storedProcedureFilterPattern, tableFilterPattern, threads, type, useFqnForFiltering.',
  ],
  [
    'a missing service name',
    '  serviceName: shop\n',
    '',
    'recipe.yaml:1: source.serviceName: is required and missing. Name of the database service in OpenMetadata; made when absent.',
  ],
  ['an empty service name', 'serviceName: shop', 'serviceName: ""', 'recipe.yaml:3: source.serviceName: is empty.'],
  [
    'a key without a value where one is needed',
    'username: om',
    'username:',
    `recipe.yaml:7: ${CONNECTION}.username: is required and missing. User of the database.`,
  ],
  [
    'another connection type than the source',
    'type: Mysql',
    'type: MySQL',
    `recipe.yaml:6: ${CONNECTION}.type: found \`MySQL\`. Allowed: \`Mysql\`. Did you mean \`Mysql\`?`,
  ],
  [
    'a user name without quotes that YAML takes for a number',
    'username: om',
    'username: 1234',
    `recipe.yaml:7: ${CONNECTION}.username: found the number 1234; expected text. Put it in quotes.`,
  ],
  [
    'a password without quotes that YAML takes for a number',
    'password: ${MYSQL_PASSWORD}',
    'password: 12345678',
    `recipe.yaml:9: ${CONNECTION}.authType.password: is a number to YAML, which may change it. Put it in quotes, or write \${VARIABLE}.`,
  ],
  [
    'a list as password',
    'password: ${MYSQL_PASSWORD}',
    'password: [hunter2]',
    `recipe.yaml:9: ${CONNECTION}.authType.password: found a list; expected text.`,
  ],
  [
    'a URL as host',
    'hostPort: localhost:3306',
    'hostPort: mysql://om:hunter2@localhost',
    `recipe.yaml:10: ${CONNECTION}.hostPort: is not host:port, for example \`localhost:3306\` (no \`mysql://\`, no user, no path).`,
  ],
  [
    'two ways to log in',
    'password: ${MYSQL_PASSWORD}',
    'password: ${MYSQL_PASSWORD}\n        awsConfig: {awsRegion: eu-west-1}',
    `recipe.yaml:8: ${CONNECTION}.authType: names 2 ways to log in (password, awsConfig). Keep one of password, awsConfig, azureConfig, or gcpConfig with a password.`,
  ],
  [
    'credentials of an unknown type',
    'password: ${MYSQL_PASSWORD}',
    'gcpConfig: {gcpConfig: {type: adc}}',
    `recipe.yaml:9: ${CONNECTION}.authType.gcpConfig.gcpConfig.type: must be one of \`service_account\`, \`gcp_credential_path\`, \`external_account\`, \`gcp_adc\`.`,
  ],
  [
    'text for a number',
    'threads: 2',
    'threads: many',
    `recipe.yaml:14: ${CONFIG}.threads: found \`many\`; expected a whole number.`,
  ],
  [
    'a fraction for a whole number',
    'threads: 2',
    'threads: 1.5',
    `recipe.yaml:14: ${CONFIG}.threads: found the number 1.5; expected a whole number.`,
  ],
  [
    'too small a number',
    'threads: 2',
    'threads: 0',
    `recipe.yaml:14: ${CONFIG}.threads: found the number 0; the least is 1.`,
  ],
  [
    'a word for a boolean',
    'threads: 2',
    'includeViews: perhaps',
    `recipe.yaml:14: ${CONFIG}.includeViews: found \`perhaps\`; expected true or false.`,
  ],
  [
    'a pattern that is no list',
    'threads: 2',
    "tableFilterPattern: {excludes: '^tmp_'}",
    `recipe.yaml:14: ${CONFIG}.tableFilterPattern.excludes: found \`^tmp_\`; expected a list. Write it as a list: \`['…']\`.`,
  ],
  [
    'a list that is no filter pattern',
    'threads: 2',
    'tableFilterPattern: [^tmp_]',
    `recipe.yaml:14: ${CONFIG}.tableFilterPattern: found a list; expected a mapping (\`key: value\` lines).`,
  ],
  [
    'a pattern that does not compile',
    'threads: 2',
    "schemaFilterPattern:\n        includes:\n          - ^ok$\n          - '(open'",
    `recipe.yaml:17: ${CONFIG}.schemaFilterPattern.includes[1]: \`(open\` is not a valid pattern: unterminated group.`,
  ],
  [
    'another sink',
    'type: metadata-rest',
    'type: file',
    'recipe.yaml:16: sink.type: found `file`. Allowed: `metadata-rest`.',
  ],
  [
    'a log level in lower case',
    'loggerLevel: INFO',
    'loggerLevel: debug',
    'recipe.yaml:19: workflowConfig.loggerLevel: found `debug`. Allowed: `DEBUG`, `INFO`, `WARN`, `ERROR`. Did you mean `DEBUG`?',
  ],
  [
    'a percentage above 100',
    'loggerLevel: INFO',
    'config: {maxDeletedPercent: 120}',
    'recipe.yaml:19: workflowConfig.config.maxDeletedPercent: found the number 120; the most is 100.',
  ],
  [
    'a misspelt key of ours',
    'loggerLevel: INFO',
    'config: {maxDeletePercent: 10}',
    'recipe.yaml:19: workflowConfig.config.maxDeletePercent: unknown key. Did you mean `maxDeletedPercent`? Keys of workflowConfig.config: maxDeletedPercent, maxSessions, profiler, usage.',
  ],
  [
    'a server URL without /api',
    'http://localhost:8585/api',
    'http://localhost:8585',
    `recipe.yaml:21: ${SERVER}.hostPort: must end in /api. Write \`http://localhost:8585/api\`.`,
  ],
  [
    'a server URL with the version',
    'http://localhost:8585/api',
    'https://om.example.com/meta/api/v1/',
    `recipe.yaml:21: ${SERVER}.hostPort: must end in /api. Write \`https://om.example.com/meta/api\`.`,
  ],
  [
    'a server without scheme',
    'http://localhost:8585/api',
    'localhost:8585/api',
    `recipe.yaml:21: ${SERVER}.hostPort: is not the URL of the OpenMetadata API, for example \`http://localhost:8585/api\`.`,
  ],
  [
    'a server URL with credentials',
    'http://localhost:8585/api',
    'http://om:hunter2@localhost:8585/api',
    `recipe.yaml:21: ${SERVER}.hostPort: has credentials in it. Remove them: the token goes into securityConfig.jwtToken.`,
  ],
  [
    'another way to log in to OpenMetadata',
    'authProvider: openmetadata',
    'authProvider: basic',
    `recipe.yaml:22: ${SERVER}.authProvider: found \`basic\`. Allowed: \`openmetadata\`.`,
  ],
  [
    'no way to log in to OpenMetadata',
    '    authProvider: openmetadata\n    securityConfig:\n      jwtToken: ${OM_JWT_TOKEN}\n',
    '',
    `recipe.yaml:20: ${SERVER}.authProvider: is required and missing. Write \`openmetadata\`: the other ways to log in are for people.\n` +
      `recipe.yaml:20: ${SERVER}.securityConfig: is required and missing. Write \`securityConfig: {jwtToken: "\${VARIABLE}"}\` with the token of a bot.`,
  ],
  [
    'an empty token',
    'jwtToken: ${OM_JWT_TOKEN}',
    'jwtToken: ""',
    `recipe.yaml:24: ${SERVER}.securityConfig.jwtToken: is empty.`,
  ],
  [
    'validation without authorities',
    'authProvider: openmetadata',
    'authProvider: openmetadata\n    verifySSL: validate',
    `recipe.yaml:20: ${SERVER}.sslConfig: is missing: \`verifySSL: validate\` needs sslConfig.caCertificate, a PEM file or its text.`,
  ],
  [
    'a pipeline name without its service',
    'sink:',
    'ingestionPipelineFQN: nightly\nsink:',
    'recipe.yaml:15: ingestionPipelineFQN: is not `<service>.<pipeline>`, the fully qualified name of an ingestion pipeline.',
  ],
  [
    'a run id that is no UUID',
    'sink:',
    'pipelineRunId: nightly-7\nsink:',
    'recipe.yaml:15: pipelineRunId: found `nightly-7`; expected a UUID.',
  ],
];

describe('a recipe with a fault', () => {
  for (const [name, from, to, message] of FAULTS) {
    it(`is refused with file, line, path, found and allowed: ${name}`, () => {
      expect(refusal(() => read(edited(from, to)))).to.equal(message);
    });
  }

  it('is told everything at once, in the order of its lines', () => {
    const text = RECIPE.replace('threads: 2', 'threads: many')
      .replace('type: metadata-rest', 'type: file')
      .replace('username: om', 'username: 7');
    const lines = refusal(() => read(text)).split('\n');
    expect(lines.map((line) => /^recipe.yaml:(\d+)/.exec(line)?.[1])).to.deep.equal(['7', '14', '16']);
  });

  it('is told twenty problems and the number of the others', () => {
    const unknown = Array.from({ length: 30 }, (_, index) => `zz${index}: 1\n`).join('');
    const lines = refusal(() => read(RECIPE + unknown)).split('\n');
    expect(lines).to.have.length(21);
    expect(lines.at(-1)).to.equal('recipe.yaml: and 10 more.');
  });

  it('is told the length of a long value instead of the value', () => {
    const text = edited('loggerLevel: INFO', `loggerLevel: ${'x'.repeat(300)}`);
    expect(refusal(() => read(text))).to.equal(
      'recipe.yaml:19: workflowConfig.loggerLevel: found a string of 300 characters. Allowed: `DEBUG`, `INFO`, `WARN`, `ERROR`.'
    );
  });
});

describe('a recipe without a fault', () => {
  it('gets the defaults, the bare connector type and the kind', () => {
    const recipe = readMetadata(RECIPE);
    expect(recipe.kind).to.equal('metadata');
    expect(recipe.source.type).to.equal('mysql');
    expect(recipe.source.sourceConfig.config).to.include({
      includeViews: true,
      markDeletedTables: true,
      includeDDL: false,
      threads: 2,
    });
    expect(recipe.workflowConfig).to.include({ loggerLevel: 'INFO', successThreshold: 90, raiseOnError: true });
    expect(recipe.workflowConfig.openMetadataServerConfig).to.include({
      verifySSL: 'no-ssl',
      storeServiceConnection: true,
    });
  });

  it('may leave out sink, serviceConnection and every optional key, and leave keys empty', () => {
    const text = RECIPE.replace(/ {2}serviceConnection:[^]*?(?= {2}sourceConfig)/, '').replace(
      /sink:[^]*?(?=workflowConfig)/,
      'sink:\n'
    );
    const recipe = readMetadata(text);
    expect(recipe.source).not.to.have.property('serviceConnection');
    expect(recipe).not.to.have.property('sink');
  });

  it('may end the server URL in a slash, which is removed', () => {
    const recipe = readMetadata(edited('8585/api', '8585/api/'));
    expect(recipe.workflowConfig.openMetadataServerConfig.hostPort).to.equal('http://localhost:8585/api');
  });

  it('may leave the only key of a free mapping empty', () => {
    const text = edited('      hostPort', '      connectionArguments:\n        ssl:\n      hostPort');
    expect(readMetadata(text).source.serviceConnection?.config.connectionArguments).to.deep.equal({});
  });

  for (const hostPort of ['db.example.com:3306', '10.0.0.7:3307', '"[::1]:3306"', 'project:region:instance']) {
    it(`may have the host ${hostPort}`, () => {
      expect(() => read(edited('localhost:3306', hostPort))).not.to.throw();
    });
  }
});

it('a message keeps the names that the recipe gives, though its password be a part of them', () => {
  const named = edited('serviceName: shop', 'serviceName: shop_snowflake').replace('${MYSQL_PASSWORD}', 'snow');
  const faulty = edited('sink:', 'ingestionPipelineFQN: snowflake_shop.nightly\nsink:', named);
  const said = refusal(() => read(faulty, { file: '/recipes/recipe.yaml' }));
  // other files of this process misspell snowflake
  forgetSecret('snow');
  expect(said).to.contain('shop_snowflake').and.contain('service `snowflake_shop`').and.not.contain('***');

  it('is told of the option of a sample that is meant', () => {
    const sample = (text: string): string =>
      refusal(() =>
        read(
          edited('type: DatabaseMetadata', `type: Profiler\n      profileSampleConfig: ${text}`).replace(
            '      threads: 2\n',
            ''
          )
        )
      );
    expect(sample('{sampleConfigType: DYNAMIC, config: {profileSample: 5}}')).to.match(
      /config\.profileSample: unknown key\. Keys of this mapping: smartSampling, thresholds/
    );
    expect(sample('{sampleConfigType: STATC, config: {profileSample: 5}}')).to.match(
      /sampleConfigType: found `STATC`\. Allowed: `STATIC`, `DYNAMIC`\. Did you mean `STATIC`/
    );
  });

  it('is told where a key belongs that is a level too high', () => {
    expect(refusal(() => read(edited('    authProvider', '    jwtToken: ${T}\n    authProvider')))).to.include(
      'Did you mean `securityConfig.jwtToken`?'
    );
  });
});
