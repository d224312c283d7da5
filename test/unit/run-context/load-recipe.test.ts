import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadRecipe, stageRecipe, stagedRecipeOf } from '../../../src/run-context/index.js';
import { RecipeError } from '../../../src/errors/index.js';
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
    loadRecipe(input, folder).catch((error: unknown) => error);

  for (const recipePath of ['shop.yaml', './shop.yaml', 'team/shop.yaml', 'team/../shop.yaml']) {
    it(`finds ${recipePath} in the recipes folder`, async () => {
      expect((await loadRecipe({ recipePath }, folder)).recipe.source.serviceName).to.equal('shop');
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
    expect((await loadRecipe({ recipePath: 'shop.yaml' }, linked)).recipe.kind).to.equal('metadata');
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
    const checked = await loadRecipe({ recipePath: 'shop.yaml' }, folder);
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

  it('refuses a literal secret that came inline, without repeating it', async () => {
    const error = await failing({ recipeYaml: RECIPE });
    expect(error).to.be.instanceOf(RecipeError);
    expect(String(error)).to.include('password').and.not.include('literal-password');
  });
});
