import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'chai';
import { checkInput, parseAsOf } from '../../../src/workflows/input.js';

const messageOf = (input: unknown): string => {
  try {
    checkInput(input);
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === 'RecipeError' && error.nonRetryable === true)
      return error.message;
    throw error;
  }
  return '';
};

describe('The input of a workflow', () => {
  for (const input of [
    { recipePath: 'mysql.yaml' },
    { recipeYaml: 'source: {}' },
    { recipe: { source: {} } },
    { recipePath: 'mysql.yaml', asOf: '2026-11-22' },
  ]) {
    it(`may be ${JSON.stringify(input)}`, () => {
      expect(checkInput(input)).to.equal(input);
    });
  }

  const bad: [input: unknown, says: string][] = [
    [undefined, 'got no input'],
    [null, 'got no input'],
    ['mysql.yaml', 'is a string, not one JSON object'],
    [[{ recipePath: 'a' }], 'is an array'],
    [7, 'is a number'],
    [{}, 'names no recipe; one is needed'],
    [{ recipePath: 'a', recipeYaml: 'b' }, 'names recipePath and recipeYaml; one is needed'],
    [{ recipepath: 'a' }, 'unknown key "recipepath"'],
    [{ recipePath: '' }, 'recipePath must be text'],
    [{ recipePath: 7 }, 'recipePath must be text'],
    [{ recipeYaml: {} }, 'recipeYaml must be text'],
    [{ recipePath: 'a', asOf: 20261122 }, 'asOf must be text'],
    [{ recipePath: 'a', asOf: 'yesterday' }, 'asOf is "yesterday", not a date'],
    [{ recipePath: 'a', asOf: '22.11.2026' }, 'asOf is "22.11.2026"'],
    [{ recipePath: 'a', asOf: '2026-13-01' }, 'asOf is "2026-13-01"'],
  ];
  for (const [input, says] of bad) {
    it(`is refused when it is ${JSON.stringify(input) ?? 'missing'}, with what to type instead`, () => {
      const message = messageOf(input);
      expect(message).to.include(says);
      if (!says.startsWith('asOf is')) expect(message).to.include('Type {"recipePath": "mysql.yaml"}');
    });
  }

  it('takes a time without a zone as UTC, in whatever zone the worker runs', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Asia/Tokyo';
    try {
      const noon = Date.UTC(2026, 10, 22, 12);
      expect(parseAsOf('2026-11-22')).to.equal(Date.UTC(2026, 10, 22));
      expect(parseAsOf('2026-11-22T12:00:00')).to.equal(noon);
      expect(parseAsOf('2026-11-22T12:00:00Z')).to.equal(noon);
      expect(parseAsOf('2026-11-22T13:00:00+01:00')).to.equal(noon);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});
