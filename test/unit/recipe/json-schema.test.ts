import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import { recipeJsonSchema } from '../../../src/recipe/index.js';
import { edited, RECIPE } from './recipe-fixture.js';

const FILE = 'recipes/recipe.schema.json';

/** Recipes of every folder: recipes/mysql/metadata.yaml, … */
const SHIPPED = readdirSync('recipes', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('recipes', name));

describe('the JSON Schema of recipes', () => {
  const validate = new Ajv2020({ strict: false, formats: { password: true, uri: true, uuid: true } }).compile(
    recipeJsonSchema()
  );

  it(`is committed as ${FILE}; after a change of a model: npm run build && node dist/src/recipe/write-json-schema.js`, () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).to.deep.equal(recipeJsonSchema());
  });

  for (const file of SHIPPED) {
    it(`accepts ${file}`, () => {
      validate(parse(readFileSync(file, 'utf8')));
      expect(validate.errors).to.equal(null);
    });
  }

  it('accepts variables where numbers, booleans and words of a list stand', () => {
    const text = edited('threads: 2', 'threads: ${THREADS:-4}\n      includeViews: ${VIEWS}').replace(
      'INFO',
      '${LEVEL}'
    );
    expect(validate(parse(text))).to.equal(true);
    expect(validate(parse(edited('threads: 2', 'threads: many')))).to.equal(false);
  });

  it('accepts ends of a range of whole numbers of any size, as the check does', () => {
    const file = readFileSync('recipes/mysql/profiler.yaml', 'utf8');
    const accepts = (start: string): boolean => {
      const range = `partitionConfig: {partitionColumnName: i, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: ${start}, partitionIntegerRangeEnd: 9223372036854775807}`;
      const config = `type: orm-profiler\n  config: {tableConfig: [{fullyQualifiedName: a.b.c.d, ${range}}]}`;
      return validate(parse(file.replace('type: orm-profiler', config)));
    };
    for (const whole of ['9007199254740993', '-9223372036854775808', '"9007199254740993"'])
      expect(accepts(whole), whole).to.equal(true);
    for (const other of ['1.5', 'many']) expect(accepts(other), other).to.equal(false);
  });

  it('refuses what the check refuses: unknown keys, missing keys, other types', () => {
    expect(validate(parse(RECIPE))).to.equal(true);
    for (const text of [
      edited('hostPort: localhost', 'hostPrt: localhost'),
      edited('  serviceName: shop\n', ''),
      edited('type: mysql', 'type: msyql'),
      edited('type: DatabaseMetadata', 'type: DatabaseLineage'),
      edited('loggerLevel: INFO', 'loggerLevel: LOUD'),
      edited('type: metadata-rest', 'type: file'),
    ]) {
      expect(validate(parse(text)), text).to.equal(false);
    }
  });

  it('marks secrets, so that editors may mask them', () => {
    const marked = JSON.stringify(recipeJsonSchema()).match(/"format":"password"/g) ?? [];
    expect(marked.length).to.be.greaterThan(10);
  });
});
