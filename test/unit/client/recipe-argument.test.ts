import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readRecipeArgument } from '../../../src/client/cli/recipe-argument.js';

const recipe = (password: string): string => `
source:
  type: mysql
  serviceName: shop
  serviceConnection:
    config:
      type: Mysql
      username: root
      authType: {password: "${password}"}
      hostPort: localhost:3306
  sourceConfig: {config: {type: DatabaseMetadata}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://localhost:8585/api
    authProvider: openmetadata
    securityConfig: {jwtToken: "file:/run/secrets/token"}
`;

describe('A recipe given to om-ingest run', () => {
  const home = mkdtempSync(join(tmpdir(), 'om-argument-'));
  const recipesDir = join(home, 'recipes');
  before(() => mkdirSync(recipesDir));
  after(() => rmSync(home, { recursive: true, force: true }));
  const given = (folder: string, text: string): object => {
    const file = join(folder, 'shop.yaml');
    writeFileSync(file, text);
    return readRecipeArgument(file, { recipesDir }).reference;
  };
  const harmless = recipe('${HOME}').replace('file:/run/secrets/token', '${HOME}');

  it('is sent, wherever it stands, when it holds no secret and names no file', () => {
    for (const folder of [recipesDir, home]) expect(given(folder, harmless)).to.include({ recipeYaml: harmless });
  });

  it('goes by its path when it stands in the recipes folder and holds a secret or names a file', () => {
    expect(given(recipesDir, harmless.replace('"${HOME}"', 'topsecret'))).to.include({ recipePath: 'shop.yaml' });
    expect(given(recipesDir, recipe('${HOME}'))).to.include({ recipePath: 'shop.yaml' });
    expect(given(home, recipe('${HOME}'))).to.include.keys('recipeYaml');
  });
});
