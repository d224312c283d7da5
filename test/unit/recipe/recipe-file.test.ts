import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readRecipe, readRecipeText } from '../../../src/recipe/index.js';
import { resolveSecrets } from '../../../src/secrets/index.js';
import { edited, RECIPE, refusal } from './recipe-fixture.js';

describe('a recipe file', () => {
  let folder: string;
  const write = (name: string, content: string | Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is read whole; its literal secrets are resolved from the same file later, byte order mark or not', async () => {
    for (const mark of ['', '\uFEFF']) {
      const file = write('recipe.yaml', mark + edited('${MYSQL_PASSWORD}', 'file-hunter2'));
      const { recipe, sha256 } = readRecipe(readRecipeText(file), { environment: {} });
      const config = recipe.source.serviceConnection?.config;
      const resolved = await resolveSecrets(config, { recipe: { file, sha256 } }, 'source.serviceConnection.config');
      expect(resolved).to.have.nested.property('authType.password', 'file-hunter2');
    }
  });

  it('is named in messages as the user named it', () => {
    write('wrong.yaml', RECIPE.replace('type: mysql', 'type: msyql'));
    const file = join(folder, '.', 'wrong.yaml');
    expect(refusal(() => readRecipe(readRecipeText(file)))).to.include(`${file}:2: source.type:`);
  });

  const refused: readonly (readonly [name: string, content: string | Buffer, message: string])[] = [
    [
      'binary',
      Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe]),
      'is not a text file in UTF-8. Save the recipe as UTF-8.',
    ],
    ['utf-16', Buffer.from(`\uFEFF${RECIPE}`, 'utf16le'), 'is not a text file in UTF-8. Save the recipe as UTF-8.'],
    ['large', Buffer.alloc(1024 * 1024 + 1, 'a'), 'is larger than 1 MiB, too large for a recipe.'],
  ];
  for (const [name, content, message] of refused) {
    it(`is refused when it is ${name}`, () => {
      const file = write(name, content);
      expect(refusal(() => readRecipeText(file))).to.equal(`${file}: ${message}`);
    });
  }

  it('is refused when it is not there or a folder', () => {
    const gone = join(folder, 'gone.yaml');
    expect(refusal(() => readRecipeText(gone))).to.equal(`${gone}: no such file.`);
    const inner = join(folder, 'inner.yaml');
    mkdirSync(inner);
    expect(refusal(() => readRecipeText(inner))).to.equal(`${inner}: is a folder, not a recipe.`);
  });
});
