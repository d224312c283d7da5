import { TEST_STEPS } from '../common/connection-test-steps.js';
import { defineSource } from '../define-source.js';
import { snowflakeChanging } from './changing-functions.js';
import { snowflakeConnectionConfig } from './config.js';
import { countsAsUse } from './counts-as-use.js';
import { MOST_SAMPLE_ROWS } from './most-sample-rows.js';

export const snowflakeSource = defineSource({
  type: 'snowflake',
  serviceType: 'Snowflake',
  dialect: 'snowflake',
  unquotedNames: 'upper',
  connection: snowflakeConnectionConfig,
  supports: [
    'query-log',
    'usage-log',
    'usage-counted',
    'procedure-queries',
    'incremental',
    'measures',
    'approximate-percentiles',
    'approximate-distinct',
    'sampling-methods',
    'tags',
    'procedures',
  ],
  measured: { JSON: 'counts' },
  mostSampleRows: MOST_SAMPLE_ROWS,
  changing: snowflakeChanging,
  backslashIn: "'",
  countsAsUse,
  connectionTest: [
    TEST_STEPS.access,
    TEST_STEPS.databases,
    TEST_STEPS.schemas,
    TEST_STEPS.tables,
    TEST_STEPS.views,
    TEST_STEPS.queries,
  ],
  sessions: { sharedBy: ({ account }) => account, each: 1 },
  locationSchemes: { gcs: 'gs', s3gov: 's3', s3china: 's3' },
  load: async () => (await import('./connector.js')).snowflakeConnector,
});
