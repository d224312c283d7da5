import { expect } from 'chai';
import { z } from 'zod';
import { coerced } from '../../../src/recipe/coerce.js';
import { readRecipeObject } from '../../../src/recipe/index.js';

const LENGTH = 100_000;
/** Of the processor: far more than it takes, far less than if each character were compared with each. */
const BOUND_MS = 3_000;

const recipeWith = (where: 'connection' | 'hostPort' | 'jwtToken', text: string): Record<string, unknown> => ({
  source: {
    type: 'sqlite',
    serviceName: 'shop',
    serviceConnection: {
      config: {
        type: 'SQLite',
        databaseMode: '/data/shop.db',
        connectionOptions: { foo: where === 'connection' ? text : 'bar' },
      },
    },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: where === 'hostPort' ? text : 'http://localhost:8585/api',
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: where === 'jwtToken' ? text : '${T}' },
    },
  },
});

/** Beginnings of what a recipe's patterns look for, which never end as they should. */
const PIECES = [
  '-eyJ',
  'eyJhbGciOi.eyJ',
  '.eyJaaaaaaaa',
  '${',
  '${a',
  '${1',
  '${a:-',
  '://a:',
  '://a:a@',
  'password',
  'identified with ',
  "identified by '",
  '@pw ',
  'jdbc:oracle:a:',
  '-----BEGIN ',
  'Bearer ',
  'ghp_',
  'AKIA',
  ';pwd=',
  '"token":',
  '/',
  '=',
  '1',
  'a',
  '@',
  '{{',
  '<a',
];

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

describe('A text of a recipe that is long', () => {
  for (const piece of PIECES) {
    it(`is read in a time that grows as it does: ${piece}`, function () {
      this.timeout(20 * BOUND_MS);
      const text = piece.repeat(LENGTH / piece.length);
      const started = processorMs();
      for (const [where, value] of [
        ['connection', text],
        ['hostPort', `http://h/${text}x`],
        ['jwtToken', `\${A:-${text}`],
      ] as const) {
        try {
          readRecipeObject(recipeWith(where, value), 'recipe', { environment: { T: 'y' } });
        } catch {
          // refused is as good
        }
      }
      coerced(z.number(), `${text}x`);
      expect(processorMs() - started).to.be.below(BOUND_MS);
    });
  }

  it('is still found out as a token of three parts', () => {
    const token = ['eyJhbGciOi1', 'eyJzdWIiOi1', 'c2lnbmF0dXJl'].join('.');
    for (const text of [token, `x-${token}`, `see ${token} there`])
      expect(() => readRecipeObject(recipeWith('connection', text), 'recipe', { environment: { T: 'y' } })).to.throw(
        'a secret in plain text'
      );
  });
});
