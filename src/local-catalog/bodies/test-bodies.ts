import { z } from 'zod';
import { COLUMN_DATA_TYPES } from '../../openmetadata/index.js';
import {
  entityReference,
  flag,
  fqnText,
  integer,
  namedKeys,
  references,
  taggedKeys,
  text,
  uuid,
} from './body-parts.js';

const TEST_DATA_TYPES = [
  'NUMBER',
  'INT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'TIMESTAMP',
  'TIME',
  'DATE',
  'DATETIME',
  'ARRAY',
  'MAP',
  'SET',
  'STRING',
  'BOOLEAN',
] as const;

const validationRule = z.strictObject({
  parameterField: text,
  rule: z.enum(['EQUALS', 'NOT_EQUALS', 'GREATER_THAN_OR_EQUALS', 'LESS_THAN_OR_EQUALS']).nullish(),
});

const parameterDefinition = z.strictObject({
  name: text,
  displayName: text,
  dataType: z.enum(TEST_DATA_TYPES).nullish(),
  description: text,
  required: flag,
  optionValues: z.array(z.string()).nullish(),
  validationRule: validationRule.nullish(),
});

/** Body of PUT `/dataQuality/testDefinitions`. */
export const testDefinitionBody = z.strictObject({
  ...namedKeys,
  entityType: z.enum(['TABLE', 'COLUMN']),
  testPlatforms: z.array(z.enum(['OpenMetadata', 'GreatExpectations', 'dbt', 'Deequ', 'Soda', 'Other'])),
  supportedDataTypes: z.array(z.enum(COLUMN_DATA_TYPES)).nullish(),
  provider: z.enum(['system', 'user', 'automation']).nullish(),
  parameterDefinition: z.array(parameterDefinition).nullish(),
  dataQualityDimension: z
    .enum(['Completeness', 'Accuracy', 'Consistency', 'Validity', 'Uniqueness', 'Integrity', 'SQL', 'NoDimension'])
    .nullish(),
  supportedServices: z.array(z.string()).nullish(),
  sqlExpression: text,
  validatorClass: text,
});

/** Other keys that a PATCH may set. */
export const testDefinitionPatch = z.strictObject({
  ...testDefinitionBody.shape,
  enabled: flag,
  supportsRowLevelPassedFailed: flag,
  supportsDynamicAssertion: flag,
});

/** Body of PUT `/dataQuality/testSuites`, `/executable` and `/basic`. */
export const testSuiteBody = z.strictObject({
  ...taggedKeys,
  basicEntityReference: fqnText.nullish(),
  executableEntityReference: fqnText.nullish(),
  dataContract: entityReference.nullish(),
  reviewers: references,
});

const parameterValue = z.strictObject({ name: text, value: text });

/** Body of PUT `/dataQuality/testCases`. */
export const testCaseBody = z.strictObject({
  ...taggedKeys,
  testDefinition: fqnText,
  entityLink: z.string(),
  parameterValues: z.array(parameterValue).nullish(),
  reviewers: references,
  computePassedFailedRowCount: flag,
  useDynamicAssertion: flag,
  dimensionColumns: z.array(z.string()).nullish(),
  topDimensions: z.int().min(1).max(50).nullish(),
});

export const testCasePatch = z.strictObject({ ...testCaseBody.shape, autoCloseIncident: flag });

const resultValue = z.strictObject({ name: text, value: text, predictedValue: text });
const status = z.enum(['Success', 'Failed', 'Aborted', 'Queued']);
const number = z.number().nullish();

const dimensionResult = z.strictObject({
  dimensionKey: z.string(),
  dimensionValues: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  testCaseStatus: status,
  result: text,
  testResultValue: z.array(resultValue).nullish(),
  passedRows: integer,
  failedRows: integer,
  passedRowsPercentage: number,
  failedRowsPercentage: number,
  impactScore: z.number().min(0).max(1).nullish(),
  id: uuid.nullish(),
  testCaseResultId: uuid.nullish(),
  timestamp: integer,
});

/** Anything earlier must be a number of seconds. */
const FIRST_MILLISECOND = 100_000_000_000;

/** Body of POST `/dataQuality/testCases/testCaseResults/{fqn}`. */
export const testCaseResultBody = z.strictObject({
  fqn: text,
  timestamp: z.int().min(FIRST_MILLISECOND, 'must be in milliseconds since the epoch'),
  testCaseStatus: status,
  result: text,
  sampleData: text,
  testResultValue: z.array(resultValue),
  passedRows: integer,
  failedRows: integer,
  passedRowsPercentage: number,
  failedRowsPercentage: number,
  incidentId: uuid.nullish(),
  maxBound: number,
  minBound: number,
  dimensionResults: z.array(dimensionResult).nullish(),
});

/** Body of PUT `/dataQuality/testCases/logicalTestCases`. */
export const logicalTestCasesBody = z.strictObject({ testSuiteId: uuid, testCaseIds: z.array(uuid) });
