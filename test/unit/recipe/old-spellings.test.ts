import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { edited, read, readMetadata, refusal } from './recipe-fixture.js';

const SERVER = 'workflowConfig.openMetadataServerConfig';

describe('an old spelling', () => {
  it('WARNING is read as WARN, with one warning', () => {
    const { recipe, warnings } = read(edited('loggerLevel: INFO', 'loggerLevel: WARNING'));
    expect(recipe.workflowConfig.loggerLevel).to.equal('WARN');
    expect(warnings).to.deep.equal([
      'recipe.yaml:19: workflowConfig.loggerLevel: `WARNING` is an old spelling and was read as `WARN`.',
    ]);
  });

  for (const [old, current] of [
    ['noop', 'db'],
    ['azure', 'azure-kv'],
    ['managed-azure', 'managed-azure-kv'],
  ] as const) {
    it(`secretsManagerProvider ${old} is read as ${current}, with one warning`, () => {
      const { recipe, warnings } = read(
        edited('    authProvider', `    secretsManagerProvider: ${old}\n    authProvider`)
      );
      expect(recipe.workflowConfig.openMetadataServerConfig.secretsManagerProvider).to.equal(current);
      expect(warnings).to.deep.equal([
        `recipe.yaml:22: ${SERVER}.secretsManagerProvider: \`${old}\` is an old spelling and was read as \`${current}\`.`,
      ]);
    });
  }

  it('sslConfig.certificatePath is read as sslConfig.caCertificate, with one warning', () => {
    const text = edited(
      '    authProvider',
      '    verifySSL: validate\n    sslConfig:\n      certificatePath: /etc/ca.pem\n    authProvider'
    );
    const { recipe, warnings } = read(text.replace('http:', 'https:'));
    expect(recipe.workflowConfig.openMetadataServerConfig.sslConfig).to.deep.equal({ caCertificate: '/etc/ca.pem' });
    expect(warnings).to.deep.equal([
      `recipe.yaml:24: ${SERVER}.sslConfig.certificatePath: is an old spelling and was read as \`${SERVER}.sslConfig.caCertificate\`.`,
    ]);
  });

  it('password beside the user name is read as authType.password of MySQL; its reference points to where it stands', () => {
    const text = edited('      authType:\n        password: ${MYSQL_PASSWORD}', '      password: hunter2-flat');
    const { recipe, warnings, literalSecrets } = read(text, { file: '/recipes/recipe.yaml' });
    expect(recipe.source.serviceConnection?.config).to.deep.include({
      authType: { password: 'recipe:/source/serviceConnection/config/password' },
    });
    expect(literalSecrets).to.deep.equal(['/source/serviceConnection/config/password']);
    expect(warnings).to.deep.equal([
      'recipe.yaml:8: source.serviceConnection.config.password: is an old spelling and was read as `source.serviceConnection.config.authType.password`.',
    ]);
  });

  it('parsingTimeoutLimit of usage, which no release reads any more, is left out with one warning', () => {
    const text = readFileSync('recipes/mysql/usage.yaml', 'utf8').replace(
      'queryLogDuration: 1',
      'queryLogDuration: 1\n      parsingTimeoutLimit: 300'
    );
    const environment = { MYSQL_USER: 'u', MYSQL_PASSWORD: 'p', OM_JWT_TOKEN: 't' };
    const { recipe, warnings } = read(text, { environment });
    expect(recipe.source.sourceConfig.config).not.to.have.property('parsingTimeoutLimit');
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/sourceConfig.config.parsingTimeoutLimit: is a key of earlier releases/);
  });

  it('keys of older recipes of the profiler are read where they are now, or left out with where to go', () => {
    const keys =
      'profileSample: 50, profileSampleType: ROWS, processPiiSensitive: true, confidence: 80, sampleDataCount: 20, computeMetrics: false';
    const profiler = (more: string): string => `source:
  {type: mysql, serviceName: shop, sourceConfig: {config: {type: Profiler, ${keys}${more}}}}
processor: {type: orm-profiler, config: {}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${T}'}}
`;
    const { recipe, warnings } = read(profiler(''), { environment: { T: 't' } });
    expect(recipe.source.sourceConfig.config).to.deep.include({
      profileSampleConfig: { sampleConfigType: 'STATIC', config: { profileSample: 50, profileSampleType: 'ROWS' } },
    });
    expect(recipe.source.sourceConfig.config).to.include({ computeColumnMetrics: false, computeTableMetrics: false });
    const told = warnings.join('\n');
    expect(told).to.match(/computeMetrics: is an old .*computeColumnMetrics` and `\S+computeTableMetrics`\./);
    for (const key of ['profileSample', 'profileSampleType'])
      expect(told).to.include(
        `${key}: is an old spelling and was read as \`source.sourceConfig.config.profileSampleConfig`
      );
    for (const key of ['processPiiSensitive', 'confidence'])
      expect(told).to.match(new RegExp(`${key}: is a key of earlier releases .*AutoClassification`));
    expect(told).to.include('sampleDataCount: is a key of earlier releases');
    const both = ', profileSampleConfig: {sampleConfigType: DYNAMIC, config: {}}';
    expect(refusal(() => read(profiler(both)))).to.match(
      /config.profileSample: is an old spelling of .*, and `\S+profileSampleConfig` is there too. Leave one of them/
    );
  });

  it('is refused beside the current one, since it is not clear which counts', () => {
    const text = edited('      authType:\n', '      password: hunter2-flat\n      authType:\n');
    expect(refusal(() => read(text))).to.match(
      /^recipe.yaml:8: \S+config\.password: is an old spelling of `\S+authType\.password`, and `\S+authType` is there too\. Leave one of them\.$/
    );
  });

  it('is not looked for where it means something else', () => {
    const recipe = readMetadata(edited('serviceName: shop', 'serviceName: WARNING'));
    expect(recipe.source.serviceName).to.equal('WARNING');
    expect(refusal(() => read(edited('loggerLevel: INFO', 'loggerLevel: CRITICAL')))).to.include('found `CRITICAL`');
  });
});
