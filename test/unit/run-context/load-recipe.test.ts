import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Connections, loadRecipe, stagedFrom, stageRecipe, stagedRecipeOf } from '../../../src/run-context/index.js';
import { RecipeError } from '../../../src/errors/index.js';
import { EncryptionKeys } from '../../../src/secrets/index.js';
import { allowedNames, withReach, type Reach } from '../../../src/reach/index.js';
import { formsOf } from '../../services/secret-search.js';
import { FolderStore } from '../../../src/staging/index.js';

const RECIPE = `
source:
  type: mysql
  serviceName: shop
  serviceConnection:
    config: {type: Mysql, username: root, authType: {password: literal-password}, hostPort: "localhost:3306"}
  sourceConfig: {config: {type: DatabaseMetadata}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://localhost:8585/api
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${OM_TOKEN_OF_TEST}"}
`;

const RUN = { workflowId: 'om-shop', pipelineRunId: 'run' };

describe('Loading a recipe', () => {
  let root: string;
  let folder: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'om-recipes-')));
    folder = path.join(root, 'recipes');
    await mkdir(path.join(folder, 'team'), { recursive: true });
    await writeFile(path.join(folder, 'shop.yaml'), RECIPE);
    await writeFile(path.join(folder, 'team', 'shop.yaml'), RECIPE);
    await writeFile(path.join(root, 'outside.yaml'), RECIPE);
    await writeFile(path.join(root, 'recipes-of-others.yaml'), RECIPE);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const failing = (input: Parameters<typeof loadRecipe>[0]): Promise<unknown> =>
    loadRecipe(input, { recipesDir: folder }, RUN).catch((error: unknown) => error);

  for (const recipePath of ['shop.yaml', './shop.yaml', 'team/shop.yaml', 'team/../shop.yaml']) {
    it(`finds ${recipePath} in the recipes folder`, async () => {
      expect((await loadRecipe({ recipePath }, { recipesDir: folder }, RUN)).recipe.source.serviceName).to.equal(
        'shop'
      );
    });
  }

  for (const recipePath of [
    '../outside.yaml',
    'team/../../outside.yaml',
    '/etc/passwd',
    '../recipes-of-others.yaml',
    '.',
    '',
  ]) {
    it(`refuses the path ${JSON.stringify(recipePath)}`, async () => {
      const error = await failing({ recipePath });
      expect(error)
        .to.be.instanceOf(RecipeError)
        .with.property('message')
        .that.includes("is not inside the worker's recipes folder");
    });
  }

  it('refuses a link that leads out of the folder', async () => {
    await symlink(path.join(root, 'outside.yaml'), path.join(folder, 'link.yaml'));
    await symlink(root, path.join(folder, 'up'));
    for (const recipePath of ['link.yaml', 'up/outside.yaml'])
      expect(await failing({ recipePath }))
        .to.have.property('message')
        .that.includes('by a link');
  });

  it('follows a link of the folder itself', async () => {
    const linked = path.join(root, 'linked');
    await symlink(folder, linked);
    expect((await loadRecipe({ recipePath: 'shop.yaml' }, { recipesDir: linked }, RUN)).recipe.kind).to.equal(
      'metadata'
    );
  });

  it('says which folder it looked in for a file that is not there', async () => {
    expect(await failing({ recipePath: 'none.yaml' }))
      .to.have.property('message')
      .that.includes(folder);
  });

  it('says that a folder is no recipe', async () => {
    expect(await failing({ recipePath: 'team' })).to.be.instanceOf(RecipeError);
  });

  it('turns literal secrets of a file into references and keeps the value out of what is staged', async () => {
    const checked = await loadRecipe({ recipePath: 'shop.yaml' }, { recipesDir: folder }, RUN);
    const store = await FolderStore.open(path.join(root, 'store'));
    await stageRecipe(store, 'run', {
      recipe: checked.recipe,
      file: { file: checked.file ?? '', sha256: checked.sha256 },
    });
    const document = await store.getDocument('run', 'recipe');
    expect(document).to.include('recipe:/source/serviceConnection/config/authType/password');
    expect(document).not.to.include('literal-password');
    expect((await stagedRecipeOf(store, 'run')).recipe).to.deep.equal(checked.recipe);
  });

  it('keeps a literal secret that came encrypted in the one staged document, encrypted by the same key', async () => {
    const keys = new EncryptionKeys(new Map([['a', Buffer.alloc(32, 'a')]]));
    const asked: string[] = [];
    const inputIsEncrypted = async (...run: string[]): Promise<boolean> => asked.push(...run) > 0;
    const loaded = await loadRecipe({ recipeYaml: RECIPE }, { recipesDir: folder, keys, inputIsEncrypted }, RUN);
    expect(asked).to.deep.equal(['om-shop', 'run']);
    const store = await FolderStore.open(path.join(root, 'store'));
    await stageRecipe(store, 'run', stagedFrom(loaded));
    const document = await store.getDocument('run', 'recipe');
    expect(document).to.include('memory:/source/serviceConnection/config/authType/password');
    for (const form of formsOf('literal-password')) expect(document).not.to.include(form);
    const staged = await stagedRecipeOf(store, 'run');
    const opened = await new Connections({ keys }).ofService(staged);
    expect(opened.config).to.have.nested.property('authType.password', 'literal-password');
    const keyless = await new Connections({}).ofService(staged).catch((error: unknown) => error);
    expect(String(keyless)).to.include('encrypted by the key a');
  });

  it('refuses a literal secret that came inline, without repeating it', async () => {
    const error = await failing({ recipeYaml: RECIPE });
    expect(error).to.be.instanceOf(RecipeError);
    expect(String(error)).to.include('password').and.not.include('literal-password');
  });
});

describe('A recipe that somebody sends', () => {
  const sent = RECIPE.replace('literal-password', '"${DB_PASSWORD_OF_TEST}"');
  const load = (reach: Reach, input: Parameters<typeof loadRecipe>[0] = { recipeYaml: sent }): Promise<unknown> =>
    withReach(reach, () => loadRecipe(input, { recipesDir: '/nowhere' }, RUN)).catch((error: unknown) => error);

  before(() => {
    process.env['DB_PASSWORD_OF_TEST'] = 'x';
    process.env['OM_TOKEN_OF_TEST'] = 'y';
  });
  after(() => {
    delete process.env['DB_PASSWORD_OF_TEST'];
    delete process.env['OM_TOKEN_OF_TEST'];
  });

  it('is refused where the worker takes none', async () => {
    const error = await load({ inline: false });
    expect(error).to.be.instanceOf(RecipeError).with.property('message').that.contains('OM_INGEST_INLINE');
  });

  it('names the variables only that are allowed', async () => {
    const error = await load({ variables: allowedNames('OM_*') });
    expect(error).to.be.instanceOf(RecipeError).with.property('message');
    expect(String(error)).to.contain('the variable DB_PASSWORD_OF_TEST is none').and.not.to.contain('OM_TOKEN_OF_TEST');
    expect(await load({ variables: allowedNames('OM_*, DB_PASSWORD_OF_TEST') })).to.have.property('recipe');
    // the dollar written so that no search for it in the text finds it
    const hidden = sent.replace('serviceName: shop', 'serviceName: "\\x24{HOME}"');
    expect(String(await load({ variables: allowedNames('OM_*, DB_*') }, { recipeYaml: hidden }))).to.contain(
      'environment variable HOME is not set'
    );
  });

  it('names the hosts only that are allowed, whatever they are called', async () => {
    const error = String(await load({ hosts: allowedNames('*.example.com, localhost:3306') }));
    expect(error)
      .to.contain("http://localhost:8585/api isn't a host")
      .and.not.to.contain("localhost:3306 isn't a host");
    expect(await load({ hosts: allowedNames('LOCALHOST', { ignoreCase: true }) })).to.have.property('recipe');
    const evil = sent.replace(/hostPort: "localhost:3306"/, 'hostPort: "localhost.evil.com:3306"');
    expect(String(await load({ hosts: allowedNames('localhost') }, { recipeYaml: evil }))).to.contain(
      "localhost.evil.com:3306 isn't a host"
    );
  });

  it('names no host that reads as another one', async () => {
    for (const place of [
      String.raw`http://evil.com\\.example.com/api`,
      String.raw`http://evil.com\\@a.example.com/api`,
      String.raw`http:\\\\evil.com\\.example.com/api`,
      '//evil.com/.example.com/api',
      'http://evil.com%2f.example.com/api',
      'http://evil.com,a.example.com/api',
    ]) {
      const evil = sent.replace('http://localhost:8585/api', place);
      const hosts = allowedNames('*.example.com, localhost:3306');
      expect(String(await load({ hosts }, { recipeYaml: evil })), place).to.match(/Error/);
    }
  });

  it('names hosts and sockets as the connector reads them', async () => {
    const named = (place: string, more = ''): string =>
      sent
        .replace(/hostPort: "localhost:3306"/, `hostPort: "${place}"${more}`)
        .replace('http://localhost:8585/api', 'http://a.good.com/api');
    const hosts = allowedNames('*.good.com, /run/my*, ::1');
    const evil = ['a.good.com?x.evil.com:3306', 'a.good.com#x.evil.com:3306', 'a.good.com/x.evil.com', 'u@a.good.com'];
    for (const place of [...evil, 'https://a.good.com?x.evil.com:3306', '/run/my/../../tmp/evil.sock'])
      expect(String(await load({ hosts }, { recipeYaml: named(place) })), place).to.match(
        /^RecipeError: .*hostPort.*(?:isn't a host|host:port)/
      );
    for (const place of ['a.good.com:3306', '[::1]:3306'])
      expect(await load({ hosts }, { recipeYaml: named(place) }), place).to.have.property('recipe');
    const socket = ', connectionArguments: {unix_socket: /run/my/../../tmp/evil.sock}';
    const refused = String(await load({ hosts }, { recipeYaml: named('a.good.com:3306', socket) }));
    expect(refused).to.contain("evil.sock isn't a host");
  });

  it('names an account of Snowflake as its host', async () => {
    const snowflake = (account: string): string =>
      sent
        .replace('type: mysql', 'type: snowflake')
        .replace(
          /config: \{type: Mysql.*\}\n/,
          `config: {type: Snowflake, username: u, password: "\${OM_TOKEN_OF_TEST}", account: ${account}, warehouse: w}\n`
        );
    const hosts = allowedNames('*.snowflakecomputing.com, localhost');
    for (const account of ['ab-cd', 'xy1.eu-west-1'])
      expect(await load({ hosts }, { recipeYaml: snowflake(account) })).to.have.property('recipe');
    const one = allowedNames('ab-cd.snowflakecomputing.com, localhost');
    expect(String(await load({ hosts: one }, { recipeYaml: snowflake('ef-gh') }))).to.contain("ef-gh isn't a host");
    for (const evil of ['evil.com/x', '"evil.com#"', '"evil.com:80"'])
      expect(String(await load({ hosts }, { recipeYaml: snowflake(evil) })), evil).to.match(/Error/);
  });

  it('names the secrets of a manager only that are allowed', async () => {
    const managed = RECIPE.replace('literal-password', '"secret:/prod/other/password"').replace(
      'authProvider: openmetadata',
      'authProvider: openmetadata\n    secretsManagerProvider: managed-aws'
    );
    const refused = String(await load({ secrets: allowedNames('/prod/shop/*, om-token') }, { recipeYaml: managed }));
    expect(refused)
      .to.contain("source.serviceConnection.config.authType.password: secret:/prod/other/password isn't a secret")
      .and.contain('OM_INGEST_SECRETS');
    const own = managed.replace('/prod/other', '/prod/shop');
    expect(await load({ secrets: allowedNames('/prod/shop/*') }, { recipeYaml: own })).to.have.property('recipe');
  });
});
