import { z } from 'zod';
import { beginning } from '../../errors/index.js';
import { trySplitFqn } from '../../openmetadata/index.js';
import type { ConnectionModel } from '../../sources/index.js';
import { connectionProblems, repeatedServices, serviceConnections } from '../service-connections.js';
import { unusedStep } from '../step-models.js';
import { testedService } from '../what-it-opens.js';
import { kindModel, type Conflict } from './kind-model.js';
import { profileSampleConfig } from './profile-sample-config.js';

/** sourceConfig.config of a data quality run. @param connection the model of any connector's */
const testSuiteConfig = (connection: ConnectionModel) =>
  z
    .strictObject({
      type: z.literal('TestSuite').default('TestSuite').describe('Chooses these keys.'),
      entityFullyQualifiedName: z
        .exactOptional(z.string().min(1))
        .describe('FQN of the table whose tests run; absent: the logical suite that source.serviceName names.'),
      serviceConnections: z
        .exactOptional(serviceConnections(connection))
        .describe(
          'Connections of services whose tables are read; of the others the one stored in OpenMetadata is taken.'
        ),
      profileSampleConfig: z
        .exactOptional(profileSampleConfig)
        .describe('Sample of tables that have none of their own in OpenMetadata.'),
      testCases: z.exactOptional(z.array(z.string().min(1))).describe('Names of the cases that run; by default all.'),
    })
    .meta({ id: 'TestSuite', title: 'TestSuite config' });

export type TestSuiteConfig = z.infer<ReturnType<typeof testSuiteConfig>>;

const parameterValue = z
  .strictObject({ name: z.string().min(1), value: z.string().describe('Text; lists as `["a", "b"]`.') })
  .meta({ title: 'parameterValues' });

const recipeTestCase = z
  .strictObject({
    name: z.string().min(1),
    testDefinitionName: z.string().min(1).describe('Name of the test: `columnValuesToBeNotNull`.'),
    displayName: z.exactOptional(z.string()),
    description: z.exactOptional(z.string()),
    columnName: z.exactOptional(z.string().min(1)).describe('Column of column tests.'),
    parameterValues: z.exactOptional(z.array(parameterValue)),
    computePassedFailedRowCount: z
      .boolean()
      .default(false)
      .describe('Counts the rows that pass and fail, and keeps some that fail.'),
  })
  .meta({ title: 'testCases' });

const testRunner = z
  .strictObject({
    type: z.literal('orm-test-runner'),
    config: z.exactOptional(
      z
        .strictObject({
          forceUpdate: z.boolean().default(false).describe('Changes cases that are there to what the recipe says.'),
          testCases: z
            .exactOptional(z.array(recipeTestCase))
            .describe('Cases that are made when the suite has none of the name.'),
        })
        .meta({ title: 'orm-test-runner config' })
    ),
  })
  .meta({ title: 'orm-test-runner' });

export type RecipeTestCase = z.infer<typeof recipeTestCase>;

const FQN = ['source', 'sourceConfig', 'config', 'entityFullyQualifiedName'] as const;

function fqnProblems({ entityFullyQualifiedName: fqn }: TestSuiteConfig): readonly Conflict[] {
  if (fqn === undefined || trySplitFqn(fqn)?.length === 4) return [];
  return [
    {
      path: FQN,
      message: `found \`${beginning(fqn, 200)}\`; expected the FQN of a table, service.database.schema.table, in quotes what has a dot in it.`,
    },
  ];
}

export const dataQualityModel = kindModel('data-quality', {
  config: testSuiteConfig,
  processor: testRunner,
  stage: unusedStep,
  bulkSink: unusedStep,
  selects: ['entityFullyQualifiedName', 'testCases'],
  connectionProblems,
  conflicts: ({ source }) => [...fqnProblems(source.sourceConfig.config), ...repeatedServices(source)],
  serviceNameOf: testedService,
});
