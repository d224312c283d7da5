import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { pipelineConfig } from '../../../src/activities/run/pipeline-config.js';
import { KINDS } from '../../../src/contract/kinds.js';
import { readRecipe } from '../../../src/recipe/index.js';
import { requestBodyProblems } from '../openmetadata/request-schemas.js';

const ENVIRONMENT = Object.fromEntries(
  ['MYSQL_HOST_PORT', 'MYSQL_USER', 'MYSQL_PASSWORD', 'OM_JWT_TOKEN'].map((name) => [name, 'h:1'])
);

describe('The pipeline that a run makes in OpenMetadata', () => {
  for (const kind of ['metadata', 'lineage', 'usage', 'profiler', 'data-quality'] as const)
    it(`has a configuration that its schema takes: ${kind}`, () => {
      const text = readFileSync(`recipes/mysql/${kind}.yaml`, 'utf8');
      const { recipe } = readRecipe({ text, origin: 'test' }, { environment: ENVIRONMENT });
      const body = {
        name: 'nightly',
        service: { id: '3fa85f64-5717-4562-b3fc-2c963f66afa6', type: 'databaseService' },
        pipelineType: KINDS[recipe.kind].pipelineType,
        sourceConfig: { config: pipelineConfig(recipe.source.sourceConfig.config) },
        airflowConfig: {},
      };
      expect(requestBodyProblems('PUT', '/services/ingestionPipelines', body)).to.deep.equal([]);
    });
});
