import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { valueAt } from '../../../src/recipe/recipe-path.js';
import { parseCheckedRecipe, readRecipe, readRecipeObject } from '../../../src/recipe/index.js';
import { edited, read, readMetadata, RECIPE, refusal } from './recipe-fixture.js';

const PASSWORD = '/source/serviceConnection/config/authType/password';
const TOKEN = '/workflowConfig/openMetadataServerConfig/securityConfig/jwtToken';
const AT_PASSWORD = 'recipe.yaml:9: source.serviceConnection.config.authType.password:';
const AT_TOKEN = 'recipe.yaml:24: workflowConfig.openMetadataServerConfig.securityConfig.jwtToken:';
const REFUSED =
  'a secret in plain text, in a recipe that is not a file on the worker: Temporal would keep it in the history. ' +
  "Four ways out: write a reference (${VARIABLE}, file:/absolute/path, secret:id); start the run with recipePath, the name of a file in the worker's recipes folder; " +
  'run it inside your own process with MetadataWorkflow.create(recipe); or encrypt what Temporal keeps (OM_INGEST_ENCRYPTION_KEYS, for clients and workers).';
const file = '/recipes/recipe.yaml';

function password(written: string, options: Parameters<typeof read>[1] = {}): unknown {
  const { source } = readMetadata(edited('${MYSQL_PASSWORD}', written), options);
  return valueAt(source, ['serviceConnection', 'config', 'authType', 'password']);
}

function token(written: string, options: Parameters<typeof read>[1] = {}): string {
  const { recipe } = read(edited('${OM_JWT_TOKEN}', written), options);
  return recipe.workflowConfig.openMetadataServerConfig.securityConfig.jwtToken;
}

describe('a secret in a recipe', () => {
  for (const reference of ['${MYSQL_PASSWORD}', 'file:/run/secrets/mysql', 'Bearer ${TOKEN}']) {
    it(`that is a reference stays as it is, inline too and whether or not it can be resolved here: ${reference}`, () => {
      expect(password(`"${reference}"`)).to.equal(reference);
    });
  }

  it('that is a literal in a file becomes a pointer into the file', () => {
    const { recipe, literalSecrets } = read(edited('${MYSQL_PASSWORD}', 'hunter2'), { file });
    expect(recipe.source.serviceConnection?.config).to.have.nested.property('authType.password', `recipe:${PASSWORD}`);
    expect(literalSecrets).to.deep.equal([PASSWORD]);
  });

  it('that is a default or a part of a text is a literal too', () => {
    for (const written of ['${MYSQL_PASSWORD:-hunter2}', 'hunter${N}', '"prefix ${MYSQL_PASSWORD}"']) {
      expect(password(written, { file })).to.equal(`recipe:${PASSWORD}`);
    }
  });

  it('that looks like a path is refused with the form of files', () => {
    const text = edited('      hostPort', '      sslConfig: {caCertificate: /etc/ca.pem}\n      hostPort');
    expect(refusal(() => read(text))).to.include('If it is the path of a file: `file:` before it.');
  });

  it('that is a literal of an inline recipe is refused with three ways out', () => {
    expect(refusal(() => read(edited('${MYSQL_PASSWORD}', 'hunter2')))).to.equal(`${AT_PASSWORD} ${REFUSED}`);
    expect(refusal(() => read(edited('${MYSQL_PASSWORD}', '${MYSQL_PASSWORD:-hunter2}')))).to.equal(
      `${AT_PASSWORD} ${REFUSED}`
    );
  });

  it("stays in this process's memory when the caller says so", () => {
    const { recipe, memorySecrets } = read(edited('${MYSQL_PASSWORD}', 'hunter2'), { literals: 'memory' });
    expect(recipe.source.serviceConnection?.config).to.have.nested.property('authType.password', `memory:${PASSWORD}`);
    expect([...memorySecrets]).to.deep.equal([[PASSWORD, 'hunter2']]);
  });

  it('may be empty, for a user without password', () => {
    expect(password('""')).to.equal('');
  });

  const forms: readonly (readonly [written: string, message: string])[] = [
    [
      'recipe:/source/type',
      '`recipe:/…` is a form that only the worker makes. Write ${VARIABLE}, file:/absolute/path, secret:id.',
    ],
    [
      'memory:/source/type',
      '`memory:/…` is a form that only the worker makes. Write ${VARIABLE}, file:/absolute/path, secret:id.',
    ],
    [
      'secret:/mysql',
      "`secret:…` is kept in a secret manager, and the recipe names none. Set workflowConfig.openMetadataServerConfig.secretsManagerProvider to the OpenMetadata server's.",
    ],
    ['"secret:"', '`secret:` has no id after it. Write the id that the secret has in its manager.'],
    ['file:token', '`file:` needs an absolute path, for example `file:/run/secrets/token`.'],
    [
      '"${MYSQL_PASSWORD:?hunter2}"',
      'the form of ${MYSQL_PASSWORD…} is not known. Write ${MYSQL_PASSWORD} or ${MYSQL_PASSWORD:-default}.',
    ],
  ];
  for (const [written, message] of forms) {
    it(`is refused in a form that users can't write: ${written}`, () => {
      expect(refusal(() => read(edited('${MYSQL_PASSWORD}', written)))).to.equal(`${AT_PASSWORD} ${message}`);
    });
  }

  for (const reference of ['secret:/om/mysql/password', 'secret:om-mysql-password']) {
    it(`may be kept in the secret manager that the recipe names: ${reference}`, () => {
      const text = edited('${MYSQL_PASSWORD}', reference).replace(
        '    authProvider',
        '    secretsManagerProvider: managed-aws\n    authProvider'
      );
      const { recipe, literalSecrets } = read(text);
      expect(recipe.source.serviceConnection?.config).to.have.nested.property('authType.password', reference);
      expect(literalSecrets).to.deep.equal([]);
    });
  }

  it('can not be kept in the memory of the server: in-memory is refused with words', () => {
    const text = edited('    authProvider', '    secretsManagerProvider: in-memory\n    authProvider');
    expect(refusal(() => read(text))).to.equal(
      'recipe.yaml:22: workflowConfig.openMetadataServerConfig.secretsManagerProvider: is `in-memory`, whose secrets only exist in the memory of the server: no client can read them. Write `db`, or the manager that the server uses.'
    );
  });

  it('of a provider that can not be is told once: what the provider is, and nothing of its references', () => {
    for (const provider of ['in-memory', 'vault']) {
      const text = edited(
        '    authProvider',
        `    secretsManagerProvider: ${provider}\n    authProvider`,
        edited('${MYSQL_PASSWORD}', 'secret:shop')
      );
      expect(refusal(() => read(text)).split('\n'), provider).to.have.length(1);
    }
  });

  it('that looks like a variable without braces is taken as it stands, with a warning that does not show it', () => {
    const { warnings } = read(edited('${MYSQL_PASSWORD}', '$MYSQL_PASSWORD'), { file });
    expect(warnings).to.deep.equal([
      `${AT_PASSWORD} begins with \`$\` and was taken literally. If an environment variable was meant, write it with braces: \${VARIABLE}.`,
    ]);
  });
});

describe('the jwtToken', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'recipe-token-'));
    writeFileSync(join(folder, 'token'), 'eyJ.a.b\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('may be the path of a file, there or not: it becomes a file reference, inline too', () => {
    expect(token(join(folder, 'token'))).to.equal(`file:${join(folder, 'token')}`);
    expect(token('/run/secrets/om-token')).to.equal('file:/run/secrets/om-token');
    expect(token('secrets/om-token')).to.equal(`file:${join(process.cwd(), 'secrets/om-token')}`);
    expect(token('package.json')).to.equal(`file:${join(process.cwd(), 'package.json')}`);
  });

  it('may be a variable whose default is such a path', () => {
    expect(token('${OM_JWT_TOKEN:-/run/secrets/om-token}')).to.equal('${OM_JWT_TOKEN:-/run/secrets/om-token}');
  });

  it('that begins with ~ is refused, since it is not expanded', () => {
    expect(refusal(() => token('~/om-token'))).to.equal(
      `${AT_TOKEN} is a path with \`~\`, which is not expanded. Write the absolute path of the file with the token.`
    );
  });

  it('that is a literal is a secret like any other, also when it is longer than a file name may be', () => {
    const literal = `eyJ${'a'.repeat(5000)}.b.c`;
    expect(token(literal, { file })).to.equal(`recipe:${TOKEN}`);
    expect(refusal(() => token(literal))).to.equal(`${AT_TOKEN} ${REFUSED}`);
  });
});

/** A connector that takes any argument. */
const FREE = edited('type: mysql', 'type: sqlite').replace(
  /type: Mysql[\s\S]*?localhost:3306/,
  'type: SQLite\n      databaseMode: /data/shop.db\n      hostPort: none'
);

describe('secrets where the model names no key', () => {
  it('are told by the names of the keys of free mappings, at any depth, and by URLs with credentials', () => {
    const text = edited(
      '      hostPort',
      [
        '      connectionOptions: {ssl_key: hunter2-a, charset: utf8mb4}',
        '      connectionArguments:',
        '        password: hunter2-b',
        '        connect_timeout: 10',
        '        ssl: {ca: /etc/ca.pem, sslKey: hunter2-c, private_key_path: /etc/key.pem}',
        '        proxies: [http://om:hunter2-d@proxy, http://proxy]',
        '      hostPort',
      ].join('\n'),
      FREE
    );
    const config = readMetadata(text, { file }).source.serviceConnection?.config;
    const at = 'recipe:/source/serviceConnection/config';
    expect(config?.connectionOptions).to.deep.equal({ ssl_key: `${at}/connectionOptions/ssl_key`, charset: 'utf8mb4' });
    expect(config?.connectionArguments).to.deep.equal({
      password: `${at}/connectionArguments/password`,
      connect_timeout: 10,
      ssl: { ca: '/etc/ca.pem', sslKey: `${at}/connectionArguments/ssl/sslKey`, private_key_path: '/etc/key.pem' },
      proxies: [`${at}/connectionArguments/proxies/0`, 'http://proxy'],
    });
  });

  it('are whatever stands below such a key, also under a short name, and what sets one in a text', () => {
    const given = [
      'connectionArguments:',
      '  credentials: {parts: [hunter2-a, {pin: hunter2-b}], isFull: true}',
      '  db_pass: hunter2-c',
      '  max_pass: 3',
      "  init_command: SET PASSWORD = 'hunter2-d'",
      '  odbc: Server=h;Pwd=hunter2-e',
    ];
    const text = edited('hostPort', [...given, 'hostPort'].join('\n      '), FREE);
    const at = 'recipe:/source/serviceConnection/config/connectionArguments';
    expect(readMetadata(text, { file }).source.serviceConnection?.config.connectionArguments).to.deep.equal({
      credentials: { parts: [`${at}/credentials/parts/0`, { pin: `${at}/credentials/parts/1/pin` }], isFull: true },
      db_pass: `${at}/db_pass`,
      max_pass: 3,
      init_command: `${at}/init_command`,
      odbc: `${at}/odbc`,
    });
  });

  for (const argument of ['db_pass: 71234567', 'token: [71234567]', 'passwd: {value: 71234567}', 'passwd: 71']) {
    it(`are refused as numbers, which YAML may change, and are not quoted: ${argument}`, () => {
      const text = edited('hostPort', `connectionArguments: {${argument}}\n      hostPort`, FREE);
      expect(refusal(() => read(text, { file })))
        .to.include('is a number to YAML')
        .and.not.include('71');
    });
  }

  it('are all values of extraHeaders', () => {
    const text = edited(
      '    authProvider',
      '    extraHeaders:\n      Authorization: Basic ${PROXY}\n      X-Key/One: hunter2\n    authProvider'
    );
    expect(read(text, { file }).recipe.workflowConfig.openMetadataServerConfig.extraHeaders).to.deep.equal({
      Authorization: 'Basic ${PROXY}',
      'X-Key/One': 'recipe:/workflowConfig/openMetadataServerConfig/extraHeaders/X-Key~1One',
    });
  });
});

/** Every place where a user may put a secret, right or wrong. */
const PLACES: readonly (readonly [from: string, to: (secret: string) => string])[] = [
  ['${MYSQL_PASSWORD}', (secret) => secret],
  ['${MYSQL_PASSWORD}', (secret) => `[${secret}]`],
  ['${MYSQL_PASSWORD}', (secret) => `{value: ${secret}}`],
  ['${MYSQL_PASSWORD}', (secret) => `\${MYSQL_PASSWORD:-${secret}}`],
  ['${MYSQL_PASSWORD}', (secret) => `"\${MYSQL_PASSWORD:?${secret}}"`],
  ['password: ${MYSQL_PASSWORD}', (secret) => `passwrd: ${secret}`],
  [
    'password: ${MYSQL_PASSWORD}',
    (secret) => `awsConfig: {awsRegion: x, awsSecretAccessKey: ${secret}, awsSessionToken: ${secret}}`,
  ],
  ['password: ${MYSQL_PASSWORD}', (secret) => `gcpConfig: {gcpConfig: {type: service_account, privateKey: ${secret}}}`],
  ['      hostPort', (secret) => `      sslConfig: {sslKey: ${secret}}\n      hostPort`],
  ['      hostPort', (secret) => `      connectionArguments: {ssl: {key: ${secret}}}\n      hostPort`],
  [
    '      hostPort',
    (secret) => `      connectionArguments: {token: [{of: ${secret}}], pw: ${secret}}\n      hostPort`,
  ],
  ['localhost:3306', (secret) => `mysql://om:${secret}@localhost`],
  ['http://localhost:8585/api', (secret) => `http://om:${secret}@localhost:8585/api`],
  ['${OM_JWT_TOKEN}', (secret) => secret],
  ['    authProvider', (secret) => `    extraHeaders: {X-Key: ${secret}}\n    authProvider`],
];

describe('a secret anywhere in a recipe', () => {
  PLACES.forEach(([from, to], index) => {
    it(`appears in no message, no warning and no checked recipe (place ${index + 1})`, () => {
      const secret = `sentinel-${index}-Zq8`;
      const text = edited(from, to(secret)).replace('threads: 2', 'threads: many');
      expect(refusal(() => read(text))).not.to.include(secret);
      for (const sound of [edited(from, to(secret)), edited(from, to(secret)).replace('INFO', 'WARNING')]) {
        try {
          const { recipe, warnings, literalSecrets } = read(sound, { file });
          expect(JSON.stringify({ recipe, warnings, literalSecrets })).not.to.include(secret);
        } catch (error) {
          expect(String(error)).not.to.include(secret);
        }
      }
    });
  });
});

describe('a recipe given as an object', () => {
  const written: unknown = JSON.parse(JSON.stringify({ ...read(RECIPE).recipe, kind: undefined }));

  it('is checked like a file, without lines', () => {
    expect(readRecipeObject(written, 'recipe').recipe).to.deep.equal(read(RECIPE).recipe);
    expect(refusal(() => readRecipeObject({ ...(written as object), colour: 1 }, 'recipe'))).to.match(
      /^recipe: colour: unknown key\./
    );
  });

  it('must be plain data', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(refusal(() => readRecipeObject(cyclic, 'recipe'))).to.equal(
      'recipe: is not plain data: it holds a cycle or a value that JSON does not have.'
    );
    for (const value of [undefined, null, 'source: {}', []]) {
      expect(refusal(() => readRecipeObject(value, 'recipe'))).to.equal(
        'recipe: is not an object. A recipe has the keys source, sink and workflowConfig.'
      );
    }
  });

  it('refuses literals, or keeps them in memory', () => {
    const text = edited('${MYSQL_PASSWORD}', 'hunter2');
    const { kind, ...object } = read(text, { literals: 'memory' }).recipe;
    const literal: unknown = JSON.parse(JSON.stringify(object).replace(`memory:${PASSWORD}`, 'hunter2'));
    expect(kind).to.equal('metadata');
    expect(refusal(() => readRecipeObject(literal, 'recipe'))).to.include('Four ways out');
    expect([...readRecipeObject(literal, 'recipe', { literals: 'memory' }).memorySecrets.keys()]).to.deep.equal([
      PASSWORD,
    ]);
  });
});

describe('a checked recipe read back', () => {
  it('is the recipe that was staged, references and all', () => {
    const { recipe } = read(edited('${MYSQL_PASSWORD}', 'hunter2'), { file });
    expect(parseCheckedRecipe(JSON.parse(JSON.stringify(recipe)))).to.deep.equal(recipe);
    const lineage = edited('type: DatabaseMetadata', 'type: DatabaseLineage').replace(
      'type: mysql',
      'type: mysql-lineage'
    );
    const staged = read(lineage).recipe;
    expect(parseCheckedRecipe(JSON.parse(JSON.stringify(staged)))).to.deep.equal(staged);
  });

  it('is refused when another version wrote it', () => {
    for (const other of [
      undefined,
      {},
      { kind: 'metadata', source: { type: 'mysql' } },
      { kind: 'usage', source: { type: 'mysql' } },
    ]) {
      expect(() => parseCheckedRecipe(other)).to.throw('the staged recipe is not one of this version');
    }
  });

  it('has the sha256 of its text', () => {
    expect(readRecipe({ text: RECIPE, origin: 'a' }, { environment: {} }).sha256).to.match(/^[0-9a-f]{64}$/);
    expect(read(RECIPE).sha256).to.equal(read(RECIPE, { file }).sha256);
    expect(read(RECIPE).sha256).not.to.equal(read(`${RECIPE}\n`).sha256);
  });
});
