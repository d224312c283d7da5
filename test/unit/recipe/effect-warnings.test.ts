import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { edited, read, refusal } from './recipe-fixture.js';

const warningsOf = (text: string): readonly string[] => read(text, { environment: { MYSQL_PASSWORD: 'x' } }).warnings;

describe('A key that no run heeds', () => {
  for (const [key, line] of [
    ['ownerConfig', 'ownerConfig: {default: data}'],
    ['includeCustomProperties', 'includeCustomProperties: true'],
    ['extractJsonSchema', 'extractJsonSchema: true'],
    ['jsonSchemaSampleSize', 'jsonSchemaSampleSize: 50'],
    ['queryLogDuration', 'queryLogDuration: 3'],
  ] as const) {
    it(`is warned of with its line: ${key}`, () => {
      expect(warningsOf(edited('threads: 2', line))).to.deep.equal([
        `recipe.yaml:14: source.sourceConfig.config.${key}: has no effect in this version.`,
      ]);
    });
  }

  it('is warned of in the connection and at the top too', () => {
    const text = edited('      username: om', '      sampleDataStorageConfig: {}\n      username: om').concat(
      'ingestionRunnerName: runner\n'
    );
    expect(warningsOf(text)).to.deep.equal([
      'recipe.yaml:7: source.serviceConnection.config.sampleDataStorageConfig: has no effect in this version.',
      'recipe.yaml:26: ingestionRunnerName: has no effect in this version.',
    ]);
  });

  it('is warned of when the source can not tell, with those that can', () => {
    expect(warningsOf(edited('threads: 2', 'includeOwners: true'))).to.deep.equal([
      'recipe.yaml:14: source.sourceConfig.config.includeOwners: has no effect: mysql gives no owners; they are read from postgres.',
    ]);
    const postgres = edited('threads: 2', 'includeOwners: true')
      .replace('type: mysql', 'type: postgres')
      .replace('hostPort: localhost:3306', 'hostPort: localhost:5432\n      database: shop')
      .replace('type: Mysql', 'type: Postgres');
    expect(warningsOf(postgres)).to.deep.equal([]);
  });

  it('is warned of in the sink, the server and steps that the kind has not', () => {
    const text = edited('  config: {}', '  config: {override_metadata: true}')
      .replace('    authProvider', '    limitRecords: 5\n    authProvider')
      .concat('processor: {type: orm-profiler}\n');
    expect(warningsOf(text).map((warning) => warning.replace(/^recipe.yaml:\d+: /, ''))).to.deep.equal([
      'sink.config.override_metadata: has no effect: sourceConfig.config.overrideMetadata counts.',
      "workflowConfig.openMetadataServerConfig.limitRecords: has no effect: these workflows don't read it.",
      'processor: has no effect: runs of this kind have no such step.',
    ]);
  });

  it('is warned of in metrics that those of the processor replace, or the usual ones', () => {
    const profiler = `source:
  type: mysql
  serviceName: s
  sourceConfig: {config: {type: Profiler, metrics: [sum]}}
workflowConfig: {openMetadataServerConfig: {hostPort: http://localhost:8585/api, authProvider: openmetadata, securityConfig: {jwtToken: "\${OM_JWT_TOKEN}"}}}
processor: {type: orm-profiler, config: {profiler: {timeout_seconds: 60}}}
`;
    const where = 'recipe.yaml:4: source.sourceConfig.config.metrics: has no effect: with processor.config.profiler';
    expect(warningsOf(profiler)).to.deep.equal([`${where} the usual ones count, as it names none.`]);
    const named = profiler.replace('{timeout_seconds: 60}', '{metrics: [mean]}');
    expect(warningsOf(named)).to.deep.equal([`${where} its own count.`]);
    expect(warningsOf(profiler.replace(/^processor.*$/m, ''))).to.deep.equal([]);
  });

  it('is one wherever the reference says so: both are one mark', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const said = files.filter((file) =>
      /(describe\(|description:)\s*['"`]No effect/.test(readFileSync(`src/${file}`, 'utf8'))
    );
    expect(said).to.deep.equal([]);
  });

  it('is passed over when it has its default: it says what happens', () => {
    expect(warningsOf(edited('threads: 2', 'includeOwners: false\n      queryLogDuration: 1'))).to.deep.equal([]);
  });

  it('is warned of when it is read by runs of another kind', () => {
    const lineage = edited('type: DatabaseMetadata', 'type: DatabaseLineage')
      .replace('type: mysql', 'type: mysql-lineage')
      .replace('  loggerLevel: INFO', '  config: {maxDeletedPercent: 5}');
    expect(warningsOf(lineage)).to.deep.equal([
      'recipe.yaml:19: workflowConfig.config.maxDeletedPercent: has no effect in recipes of lineage runs; runs of metadata read it.',
    ]);
  });

  it('is warned of, loudly and once, when nobody checks the certificate of the server', () => {
    const secure = (verify: string): string =>
      edited('hostPort: http://', 'hostPort: https://').replace('    authProvider', `    ${verify}\n    authProvider`);
    expect(warningsOf(secure('verifySSL: ignore')))
      .to.have.length(1)
      .and.to.match(/THE CERTIFICATE .* IS NOT CHECKED/);
    const validate = 'verifySSL: validate\n    sslConfig: {caCertificate: /etc/ca.pem}';
    expect(warningsOf(secure(validate))).to.deep.equal([]);
    expect(warningsOf(secure(validate).replace('https://', 'http://'))).to.match(/verifySSL: has no effect/);
  });

  it('is warned of when a log has nowhere to go', () => {
    const streamed = (rest: string): string =>
      edited('workflowConfig:', `enableStreamableLogs: true\n${rest}workflowConfig:`);
    expect(warningsOf(streamed('')).join()).to.match(
      /enableStreamableLogs: has no effect without ingestionPipelineFQN/
    );
    expect(warningsOf(streamed('ingestionPipelineFQN: shop.nightly\n'))).to.deep.equal([]);
  });

  it('of workflowConfig.config is refused when it is none of ours', () => {
    const text = edited('  loggerLevel: INFO', '  config: {colour: red}');
    expect(refusal(() => read(text))).to.contain('workflowConfig.config.colour: unknown key.');
  });
});
