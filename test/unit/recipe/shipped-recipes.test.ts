import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { readRecipe, readRecipeText } from '../../../src/recipe/index.js';

const RECIPES = readdirSync('recipes', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('recipes', file))
  .sort();

describe('a recipe of this project', () => {
  for (const file of RECIPES) {
    const kind = basename(file, '.yaml');
    const folder = basename(dirname(file));
    const type = kind === 'data-quality' ? 'testsuite' : folder === 'quickstart' ? 'sqlite' : folder;

    it(`is sound once its variables are set, holds no secret and names them in its head: ${file}`, () => {
      const { text, ...origin } = readRecipeText(file);
      const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
      const environment = Object.fromEntries(variables.map((name) => [name, 'value']));
      const { recipe, warnings, literalSecrets } = readRecipe({ text, ...origin }, { environment });
      expect([recipe.kind, recipe.source.type]).to.deep.equal([kind, type]);
      expect([...warnings, ...literalSecrets]).to.deep.equal([]);
      if (text.includes('Variables:'))
        for (const name of variables) expect(text.slice(0, text.indexOf('source:'))).to.include(name);
    });

    it(`tells editors its schema: ${file}`, () => {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(.+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
      expect(existsSync(join(dirname(file), schema))).to.equal(true);
    });
  }
});
