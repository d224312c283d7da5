import { expect } from 'chai';
import { parse } from 'yaml';
import { describeRecipe } from '../../../src/client/recipe-reference.js';
import { readRecipe } from '../../../src/recipe/index.js';
import { forgetSecret, redact, registerSecret } from '../../../src/secrets/index.js';

const recipe = (more: string): string => `
# the old password was topsecret-0
source:
  type: sqlite
  serviceName: shop
  serviceConnection:
    config:
      type: SQLite
      databaseMode: /data/shop.db
      connectionArguments: ${more}
  sourceConfig: {config: {type: DatabaseMetadata}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://localhost:8585/api
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${T}"}
`;
const environment = { P: 'x', T: 'y' };

describe('A recipe that is sent', () => {
  const looks = [
    '{pw: topsecret-1}',
    '{dsn: "mysql://u:topsecret-1@h/d"}',
    '{password: {value: topsecret-1}}',
    '{auth: [{token: topsecret-1}]}',
    '{init_command: "SET PASSWORD = \'topsecret-1\'"}',
    '{note: "https://u:topsecret-1@proxy"}',
    '{note: "by way of https://u:top/secret-topsecret-1@proxy"}',
    '{pw: "topsecret-1${NONE:-}"}',
    '{pw: "${NONE:-topsecret-1}"}',
    '{pw: /topsecret-1}',
    '{pw: 71234567}',
    '{db_pass: topsecret-1}',
    '{userPw: topsecret-1}',
    '{init_command: "SET PASSWORD = \'topsecret-1\'; USE ${P}"}',
    '{note: "Server=h;Uid=sa;Pwd=topsecret-1;"}',
    '{note: "https://h/p?user=a&token=topsecret-1"}',
    '{note: "Bearer topsecret-1"}',
    '{note: "-----BEGIN PRIVATE KEY-----\\ntopsecret-1"}',
    '{note: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib3QifQ.topsecret-1}',
    '{"https://u:topsecret-1@proxy": yes}',
    '{"password=topsecret-1": x}',
    '{opt: "aws_secret_access_key=topsecret-1"}',
    '{opt: \'{"password":"topsecret-1"}\'}',
    '{opt: "password: topsecret-1"}',
    '{opt: "pass\\nword=topsecret-1"}',
    '{opt: "Pwd={topsecret-1}"}',
    '{opt: "ｐａｓｓｗｏｒｄ=topsecret-1"}',
    '{ｐａｓｓｗｏｒｄ: topsecret-1}',
    '{url: "jdbc:oracle:thin:scott/topsecret-1@db:1521/x"}',
    '{init_command: "ALTER USER u IDENTIFIED WITH x AS \'topsecret-1\'"}',
    '{init_command: "SET @pw := \'topsecret-1\'"}',
    '{x: [{name: password, value: topsecret-1}]}',
    '{x: ["--password", topsecret-1]}',
  ];
  for (const look of looks) {
    it(`is refused with what looks like a secret, and quotes none: ${look}`, () => {
      let message = '';
      try {
        readRecipe({ text: recipe(look), origin: 'recipe' }, { environment });
      } catch (error) {
        message = redact(String(error));
      }
      expect(message).to.match(/a secret in plain text|is a number to YAML/);
      expect(message).not.to.match(/topsecret|71234567/);
    });
  }

  const harmless = [
    '{note: "jdbc://h:3306/d?user=a@b", header: "Bearer ${P}"}',
    '{init_command: "SET SESSION group_concat_max_len = 100000"}',
    '{note: "token_type=oauth; keep_token=true; by way of my-secret://h/p", x: [{name: charset, value: utf8mb4}, "--host", h]}',
    '{note: "a token is asked for; bypass = 3", max_pass: 3, allow_cleartext_passwords: true}',
  ];
  for (const look of harmless) {
    it(`is taken with what is no secret: ${look}`, () => {
      expect(readRecipe({ text: recipe(look), origin: 'recipe' }, { environment })).to.have.property('recipe');
    });
  }

  it('is looked through in a time that grows with its length alone', () => {
    for (const text of [
      `password${' '.repeat(700_000)}`,
      `identified with ${' '.repeat(700_000)}`,
      'ﷺ'.repeat(230_000),
    ])
      expect(() =>
        readRecipe({ text: recipe(JSON.stringify({ init_command: text })), origin: 'recipe' }, { environment })
      ).not.to.throw();
  });

  it('is refused with a password in a URL, wherever it stands', () => {
    const text = recipe('{}').replace(
      'DatabaseMetadata}',
      'DatabaseMetadata, schemaFilterPattern: {includes: ["https://u:topsecret-1@proxy"]}}'
    );
    const pattern = text.replace('https://u:topsecret-1@proxy', 'password=topsecret-1');
    expect(() => readRecipe({ text, origin: 'recipe' }, { environment })).to.throw('a secret in plain text');
    expect(() => readRecipe({ text: pattern, origin: 'recipe' }, { environment })).to.throw('a secret in plain text');
  });

  it('is refused so before it is sent, also where the variables of the worker are not set', () => {
    const text = recipe('{}').replace(
      'DatabaseMetadata}',
      'DatabaseMetadata, schemaFilterPattern: {includes: ["${UNSET_OF_TEST}", "https://u:topsecret-1@proxy"]}}'
    );
    expect(() => describeRecipe({ recipeYaml: text })).to.throw('a secret in plain text');
    expect(() => describeRecipe({ recipe: parse(text) as unknown })).to.throw('a secret in plain text');
  });

  it('travels as what it says, without comments', () => {
    process.env['P'] = 'x';
    process.env['T'] = 'y';
    const { input } = describeRecipe({ recipeYaml: recipe('{charset: utf8mb4}') });
    delete process.env['P'];
    delete process.env['T'];
    expect(input.recipeYaml).to.contain('utf8mb4').and.contain('${T}').and.not.to.contain('topsecret');
    expect(
      readRecipe({ text: input.recipeYaml ?? '', origin: 'recipe' }, { environment }).recipe.source.serviceName
    ).to.equal('shop');
  });

  it('is not quoted with a secret where it is refused for something else', () => {
    const looks = {
      'source:': '"password=topsecret-4": x\nsource:',
      'type: sqlite': 'type: mysql://u:topsecret-4@h/d',
    };
    const more: Readonly<Record<string, string>> = {
      ...looks,
      'sink:': 'enableStreamableLogs: password=topsecret-4\nsink:',
      'authProvider: openmetadata': 'authProvider: token=topsecret-4',
      'hostPort: http://localhost:8585/api': 'hostPort: "{eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib3QifQ.topsecret-4}"',
      '"${T}"': '"{topsecret-4.a}"',
      'connectionArguments: {}': 'connectionArguments: {"mysql://u:topsecret-4@h/d": {a: 1}}\n      other: 1',
      'databaseMode: /data/shop.db': '"https://u:topsecret-4@h": 1\n      "https://u:topsecret-4@h": 2',
    };
    for (const [from, to] of [...Object.entries(more), ['{jwtToken: "${T}"}', '{jwtToken: {topsecret-4}}']] as const) {
      const text = recipe('{}').replace(from, () => to);
      expect(text).to.include('topsecret-4');
      for (const options of [{}, { literals: 'memory' }] as const) {
        let said: string;
        try {
          said = readRecipe({ text, origin: 'recipe' }, { environment, ...options }).warnings.join();
        } catch (error) {
          said = String(error);
        }
        expect(said, to).to.include('recipe').and.not.include('topsecret-4');
      }
    }
  });

  it('is refused without its secrets taking the place of those of other runs', () => {
    registerSecret('of-another-run');
    for (let round = 0; round < 11; round += 1) {
      const many = Array.from({ length: 95 }, (_, index) => `password${index}: secret-${round}-${index}`);
      const text = recipe(`{${many.join(', ')}}`);
      expect(() => readRecipe({ text, origin: 'recipe' }, { environment })).to.throw('a secret in plain text');
    }
    expect(redact('of-another-run')).to.equal('***');
    forgetSecret('of-another-run');
  });

  it('is refused with a name longer than OpenMetadata allows', () => {
    const text = recipe('{}').replace('serviceName: shop', `serviceName: ${'s'.repeat(100_000)}`);
    expect(() => readRecipe({ text, origin: 'recipe' }, { environment })).to.throw(
      'found a string of 100000 characters; the most is 256.'
    );
  });
});
