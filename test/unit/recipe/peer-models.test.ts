import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { databaseLineageConfig } from '../../../src/recipe/kinds/lineage.js';
import { databaseMetadataConfig } from '../../../src/recipe/kinds/metadata.js';
import { openMetadataServerConfig } from '../../../src/recipe/server-config-model.js';
import { workflowConfig } from '../../../src/recipe/workflow-config-model.js';
import { mysqlConnectionConfig } from '../../../src/sources/mysql/config.js';
import { snowflakeConnectionConfig } from '../../../src/sources/snowflake/config.js';
import { sqliteConnectionConfig } from '../../../src/sources/sqlite/config.js';

/** Default of each key, undefined where it has none. */
function ourDefaults(model: z.ZodObject): Record<string, unknown> {
  const entries = Object.entries<unknown>(model.shape);
  return Object.fromEntries(
    entries.map(([key, leaf]) => [key, leaf instanceof z.ZodDefault ? leaf.def.defaultValue : undefined])
  );
}

const jsonSchema = z.object({ properties: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })) });

function peerDefaults(file: string): Record<string, unknown> {
  const { properties } = jsonSchema.parse(JSON.parse(readFileSync(`test/data/recipes/schemas/${file}.json`, 'utf8')));
  return Object.fromEntries(Object.entries(properties).map(([key, { default: value }]) => [key, value ?? undefined]));
}

/** Keys whose default differs on purpose. */
const MODELS: readonly (readonly [file: string, model: z.ZodObject, different: readonly string[]])[] = [
  ['MysqlConnection', mysqlConnectionConfig, ['schemaFilterPattern']],
  [
    'SnowflakeConnection',
    snowflakeConnectionConfig,
    ['schemaFilterPattern', 'databaseFilterPattern', 'policyAgentConfig'],
  ],
  ['SQLiteConnection', sqliteConnectionConfig, ['databaseMode']],
  ['DatabaseServiceMetadataPipeline', databaseMetadataConfig, []],
  ['DatabaseServiceQueryLineagePipeline', databaseLineageConfig, []],
  ['OpenMetadataConnection', openMetadataServerConfig, ['authProvider']],
  ['WorkflowConfig', workflowConfig, []],
];

describe('the models of recipes', () => {
  for (const [file, model, different] of MODELS) {
    it(`have the keys and defaults of OpenMetadata's ${file}`, () => {
      const ours = ourDefaults(model);
      const peer = peerDefaults(file);
      expect(Object.keys(ours).sort()).to.deep.equal(Object.keys(peer).sort());
      const same = Object.keys(peer).filter((key) => !different.includes(key));
      expect(Object.fromEntries(same.map((key) => [key, ours[key]]))).to.deep.equal(
        Object.fromEntries(same.map((key) => [key, peer[key]]))
      );
    });
  }
});
