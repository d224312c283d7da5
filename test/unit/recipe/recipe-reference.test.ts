import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { anyConnection } from '../../../src/recipe/any-connection.js';
import { dataQualityModel } from '../../../src/recipe/kinds/data-quality.js';
import { databaseLineageConfig } from '../../../src/recipe/kinds/lineage.js';
import { databaseMetadataConfig } from '../../../src/recipe/kinds/metadata.js';
import { profilerConfig } from '../../../src/recipe/kinds/profiler.js';
import { databaseUsageConfig } from '../../../src/recipe/kinds/usage.js';
import { modelAt } from '../../../src/recipe/schema-steps.js';
import { openMetadataServerConfig } from '../../../src/recipe/server-config-model.js';
import { workflowConfig } from '../../../src/recipe/workflow-config-model.js';
import { allSources } from '../../../src/sources/index.js';

const testSuite = dataQualityModel.source(['testsuite'], anyConnection());
const testSuiteConfig = modelAt(testSuite, undefined, ['sourceConfig', 'config']);
if (!(testSuiteConfig instanceof z.ZodObject)) throw new Error('the config of recipes of tests is no object');

/** Headings of docs/recipes.md and the model whose keys the table below them lists. */
const TABLES: readonly (readonly [heading: string, model: z.ZodObject])[] = [
  ['### workflowConfig', workflowConfig],
  ['### openMetadataServerConfig', openMetadataServerConfig],
  ['### DatabaseMetadata', databaseMetadataConfig],
  ['### DatabaseLineage', databaseLineageConfig],
  ['### Profiler', profilerConfig],
  ['### DatabaseUsage', databaseUsageConfig],
  ['### TestSuite', testSuiteConfig],
  ...allSources().flatMap(({ serviceType, connection }) =>
    connection instanceof z.ZodObject ? [[`### ${serviceType}`, connection] as const] : []
  ),
];

/** `| key | default | effect |` as the model says it. */
function row(key: string, leaf: z.ZodType): string {
  const inner = leaf instanceof z.ZodDefault || leaf instanceof z.ZodExactOptional ? leaf.unwrap() : leaf;
  const told = leaf.description ?? (inner instanceof z.ZodType ? inner.description : undefined);
  return `| ${key} | ${defaultOf(leaf)} | ${told?.replaceAll('|', '\\|') ?? ''} |`;
}

function defaultOf(leaf: z.ZodType): string {
  if (leaf instanceof z.ZodExactOptional) return '–';
  return leaf instanceof z.ZodDefault ? String(leaf.def.defaultValue) : 'required';
}

/** The table rows of a section, without the spaces that align them. */
function rowsBelow(heading: string, text: string): string[] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const [own = ''] = section.split(/\n#+ /);
  const rows = own.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => line.replace(/ +/g, ' '));
}

describe('docs/recipes.md', () => {
  const text = readFileSync('docs/recipes.md', 'utf8');
  for (const [heading, model] of TABLES) {
    it(`lists every key with its default and effect, as the model says them: ${heading}`, () => {
      const entries = Object.entries<unknown>(model.shape);
      const expected = entries.map(([key, leaf]) => (leaf instanceof z.ZodType ? row(key, leaf) : key));
      expect(rowsBelow(heading, text)).to.deep.equal(expected);
    });
  }
});
