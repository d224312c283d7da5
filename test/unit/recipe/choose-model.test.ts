import { expect } from 'chai';
import { edited, read, RECIPE, refusal } from './recipe-fixture.js';

const TYPES = ['mysql', 'postgres', 'snowflake', 'sqlite']
  .flatMap((type) => [type, `${type}-lineage`, `${type}-usage`])
  .concat('TestSuite')
  .map((type) => `\`${type}\``)
  .join(', ');
const LATER = 'This version runs metadata, lineage, usage, profiler and data quality.';
const LINEAGE = edited('type: DatabaseMetadata', 'type: DatabaseLineage').replace('type: mysql', 'type: mysql-lineage');

const REFUSED: readonly (readonly [name: string, text: string, message: string])[] = [
  ['no source', RECIPE.replace(/source:[^]*(?=sink)/, ''), 'recipe.yaml: source: is required and missing.'],
  [
    'a source that is text',
    RECIPE.replace(/source:[^]*(?=sink)/, 'source: mysql\n'),
    'recipe.yaml:1: source: must be a mapping.',
  ],
  ['no type', edited('  type: mysql\n', ''), `recipe.yaml:1: source.type: is required and missing. Allowed: ${TYPES}.`],
  [
    'a number as type',
    edited('type: mysql', 'type: 1'),
    `recipe.yaml:2: source.type: must be text. Allowed: ${TYPES}.`,
  ],
  [
    'a misspelt type',
    edited('type: mysql', 'type: msyql'),
    `recipe.yaml:2: source.type: unknown source type \`msyql\`. Did you mean \`mysql\`? Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a misspelt lineage type',
    LINEAGE.replace('mysql-lineage', 'snowflak-lineage'),
    `recipe.yaml:2: source.type: unknown source type \`snowflak-lineage\`. Did you mean \`snowflake-lineage\`? Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a type that is like no other',
    edited('type: mysql', 'type: spreadsheet'),
    `recipe.yaml:2: source.type: unknown source type \`spreadsheet\`. Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a connector that OpenMetadata has and we do not',
    edited('type: mysql', 'type: Oracle'),
    `recipe.yaml:2: source.type: OpenMetadata knows \`oracle\`, but there is no connector for it here. Allowed: ${TYPES}, and \`oracle-lineage\` and \`oracle-usage\` with queryLogFilePath.`,
  ],
  [
    'lineage of a type without connector and without files',
    LINEAGE.replace('mysql-lineage', 'oracle-lineage'),
    'recipe.yaml:12: source.sourceConfig.config.queryLogFilePath: is required and missing: `oracle` has no connector here, ' +
      'so that its queries can only be read from files (CSV). Connectors: `mysql`, `postgres`, `snowflake`, `sqlite`.',
  ],
  [
    'a usage recipe',
    edited('type: mysql', 'type: mysql-usage'),
    'recipe.yaml:13: source.sourceConfig.config.type: `mysql-usage` needs `DatabaseUsage`. For metadata write `source.type: mysql`.',
  ],
  [
    'a usage configuration',
    edited('type: DatabaseMetadata', 'type: DatabaseUsage'),
    'recipe.yaml:2: source.type: usage has its own source type. Write `mysql-usage`.',
  ],
  [
    'a recipe for automatic classification',
    edited('type: DatabaseMetadata', 'type: AutoClassification'),
    `recipe.yaml:13: source.sourceConfig.config.type: \`AutoClassification\` is for auto-classification runs. ${LATER}`,
  ],
  [
    'a data quality recipe with the configuration of metadata',
    edited('type: mysql', 'type: TestSuite'),
    'recipe.yaml:13: source.sourceConfig.config.type: `TestSuite` needs `TestSuite`. For metadata write `source.type: <type>`.',
  ],
  [
    'a lineage configuration with a metadata type',
    edited('type: DatabaseMetadata', 'type: DatabaseLineage'),
    'recipe.yaml:2: source.type: lineage has its own source type. Write `mysql-lineage`.',
  ],
  [
    'a configuration of lineage, misspelt, with a metadata type',
    edited('type: DatabaseMetadata', 'type: DatabaseLinage'),
    'recipe.yaml:13: source.sourceConfig.config.type: found `DatabaseLinage`. With `source.type: mysql` allowed: `DatabaseMetadata`, `Profiler`. `DatabaseLineage` goes with `source.type: mysql-lineage`.',
  ],
  [
    'MariaDB by its own name',
    edited('type: mysql', 'type: mariadb'),
    `recipe.yaml:2: source.type: OpenMetadata knows \`mariadb\`, but there is no connector for it here. Write \`mysql\`: that connector reads mariadb too. In OpenMetadata the service is then of its type. Allowed: ${TYPES}, and \`mariadb-lineage\` and \`mariadb-usage\` with queryLogFilePath.`,
  ],
  [
    'a kind before its connector',
    edited('type: mysql', 'type: lineage-mysql'),
    `recipe.yaml:2: source.type: unknown source type \`lineage-mysql\`. Write \`mysql-lineage\`. Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a kind that has no source type of its own',
    edited('type: mysql', 'type: mysql-profiler'),
    `recipe.yaml:2: source.type: unknown source type \`mysql-profiler\`. Write \`mysql\` with \`sourceConfig.config.type: Profiler\`. Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'the type of tests misspelt',
    edited('type: mysql', 'type: TestSuit'),
    `recipe.yaml:2: source.type: unknown source type \`TestSuit\`. Did you mean \`TestSuite\`? Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a type with two suffixes',
    edited('type: mysql', 'type: mysql-usage-lineage'),
    `recipe.yaml:2: source.type: unknown source type \`mysql-usage-lineage\`. Did you mean \`mysql-lineage\`? Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a configuration whose type is no text',
    edited('type: DatabaseMetadata', 'type: 5'),
    'recipe.yaml:13: source.sourceConfig.config.type: must be text. With `source.type: mysql` allowed: `DatabaseMetadata`, `Profiler`.',
  ],
  [
    'a lineage type misspelt',
    edited('type: mysql', 'type: mysql-linage').replace('type: DatabaseMetadata', 'type: DatabaseLineage'),
    `recipe.yaml:2: source.type: unknown source type \`mysql-linage\`. Did you mean \`mysql-lineage\`? Allowed: ${TYPES}, and \`<type>-lineage\` and \`<type>-usage\` with queryLogFilePath.`,
  ],
  [
    'a metadata configuration with a lineage type',
    edited('type: mysql', 'type: mysql-lineage'),
    'recipe.yaml:13: source.sourceConfig.config.type: `mysql-lineage` needs `DatabaseLineage`. For metadata write `source.type: mysql`.',
  ],
  [
    'a configuration of an unknown type',
    edited('type: DatabaseMetadata', 'type: DatabaseMetadat'),
    'recipe.yaml:13: source.sourceConfig.config.type: found `DatabaseMetadat`. With `source.type: mysql` allowed: `DatabaseMetadata`, `Profiler`. Did you mean `DatabaseMetadata`?',
  ],
];

describe('the model of a recipe', () => {
  for (const [name, text, message] of REFUSED) {
    it(`can't be chosen from ${name}`, () => {
      expect(refusal(() => read(text))).to.equal(message);
    });
  }

  it('is that of metadata for a connector in any case, also from a variable', () => {
    for (const type of ['mysql', 'MySQL', '${TYPE}']) {
      const { recipe } = read(edited('type: mysql', `type: ${type}`), { environment: { TYPE: 'Mysql' } });
      expect([recipe.kind, recipe.source.type]).to.deep.equal(['metadata', 'mysql']);
    }
  });

  it('is that of lineage for the type with its suffix, which the checked recipe leaves out', () => {
    const { recipe } = read(LINEAGE.replace('mysql-lineage', 'MySQL-Lineage'));
    expect([recipe.kind, recipe.source.type]).to.deep.equal(['lineage', 'mysql']);
    expect(recipe.source.sourceConfig.config).to.include({
      type: 'DatabaseLineage',
      resultLimit: 1000,
      parsingTimeoutLimit: 300,
    });
  });

  it('follows from source.type alone when sourceConfig.config.type is absent', () => {
    const text = edited('      type: DatabaseMetadata\n', '');
    expect(read(text).recipe.kind).to.equal('metadata');
    expect(read(text.replace('type: mysql', 'type: mysql-lineage')).recipe.kind).to.equal('lineage');
  });

  it('is that of lineage for any known type when queries come from files; its connection is not checked, but kept free of secrets', () => {
    const text = LINEAGE.replace('mysql-lineage', 'oracle-lineage')
      .replace('threads: 2', 'queryLogFilePath: /logs')
      .replace('type: Mysql', 'type: Oracle')
      .replace('${MYSQL_PASSWORD}', 'hunter2');
    const { recipe } = read(text, { file: '/recipes/recipe.yaml' });
    expect([recipe.kind, recipe.source.type]).to.deep.equal(['lineage', 'oracle']);
    expect(recipe.source.serviceConnection?.config).to.deep.equal({
      type: 'Oracle',
      username: 'om',
      authType: { password: 'recipe:/source/serviceConnection/config/authType/password' },
      hostPort: 'localhost:3306',
    });
  });

  it('leaves the rest of the recipe to be checked when it is unknown', () => {
    const text = edited('type: mysql', 'type: msyql').replace('loggerLevel: INFO', 'loggerLevel: LOUD');
    expect(refusal(() => read(text)).split('\n')).to.have.length(2);
  });
});

describe('the two files of a usage recipe', () => {
  const usage = (stage: string, bulkSink: string): string =>
    RECIPE.replace('type: mysql\n', 'type: mysql-usage\n')
      .replace('type: DatabaseMetadata\n      threads: 2', 'type: DatabaseUsage')
      .replace(
        'sink:\n  type: metadata-rest\n  config: {}',
        `processor: {type: query-parser, config: {}}\nstage: {type: table-usage, config: {${stage}}}\nbulkSink: {type: metadata-usage, config: {${bulkSink}}}`
      );

  it('are the same, or refused with both', () => {
    expect(read(usage('filename: /tmp/u', 'filename: /tmp/u')).recipe.kind).to.equal('usage');
    expect(refusal(() => read(usage('filename: /tmp/u', 'filename: /tmp/v'))))
      .to.contain('bulkSink.config.filename: is `/tmp/v`, but stage.config.filename is `/tmp/u`')
      .and.to.contain('Write the same in both.');
    expect(refusal(() => read(usage('filename: /tmp/u', '')))).to.contain('bulkSink.config.filename: is required');
  });
});
