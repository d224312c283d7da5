import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readScheduleFile } from '../../../src/client/schedules/schedule-file.js';
import { readRecipe, readRecipeObject } from '../../../src/recipe/index.js';

/** Texts of 1 MiB at most that a parser of YAML takes seconds for, or more stack than there is. */
const SLOW: Readonly<Record<string, string>> = {
  'a list of commas': `a: [${'a,'.repeat(500_000)}]`,
  'many items': `a:\n${'- a\n'.repeat(200_000)}`,
  'many keys': Array.from({ length: 70_000 }, (_, index) => `k${index}: 1`).join('\n'),
  quotes: '"'.repeat(1_000_000),
  'keys within keys': `${'? '.repeat(60)}${'a: '.repeat(200_000)}`,
  'empty lines': `a: |\n${'\n'.repeat(900_000)}`,
  'some keys within keys': 'a: '.repeat(20_000),
};

describe('A recipe whose text only costs time', () => {
  for (const [name, text] of Object.entries(SLOW)) {
    it(`is refused before it is parsed, or as what it is: ${name}`, () => {
      expect(() => readRecipe({ text, origin: 'recipe' })).to.throw(
        /too many lines|nested too deeply|not valid|second/
      );
    });
  }

  it('is refused as an object as well', () => {
    const value = { source: { a: Array.from({ length: 400_000 }, () => 1) } };
    expect(() => readRecipeObject(value, 'recipe')).to.throw('has too many lines');
    expect(() => readRecipeObject({ a: 'x'.repeat(2_000_000) }, 'recipe')).to.throw('larger than 1 MiB');
  });
});

describe('A file of schedules', () => {
  it('is a regular file of 1 MiB at most', () => {
    const folder = mkdtempSync(join(tmpdir(), 'om-schedules-'));
    const file = join(folder, 'large.yaml');
    writeFileSync(file, '#'.repeat(1024 * 1024 + 1));
    expect(() => readScheduleFile(file)).to.throw('is larger than 1024 KiB');
    writeFileSync(file, '['.repeat(300_000));
    expect(() => readScheduleFile(file)).to.throw('is nested too deeply');
    expect(() => readScheduleFile('/dev/zero')).to.throw('is not a regular file');
    rmSync(folder, { recursive: true });
  });
});
