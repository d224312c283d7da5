import { z } from 'zod';
import { TEST_STATUSES } from '../entities/test.js';
import { childColumn } from '../sensitive-columns.js';
import { maybe, maybeList } from './answer-shape.js';
import { referenceSchema } from './entity-records.js';

/** What data quality reads from the server: test definitions, suites, cases, results and the table under test. */

const parameterDefinition = z.object({
  name: z.string(),
  dataType: maybe(z.string()),
  required: maybe(z.boolean()),
  optionValues: maybeList(z.unknown()),
  validationRule: maybe(z.object({ parameterField: maybe(z.string()), rule: maybe(z.string()) })),
});

export const testDefinitionRecord = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: maybe(z.string()),
  entityType: maybe(z.string()),
  testPlatforms: maybeList(z.string()),
  supportedDataTypes: maybeList(z.string()),
  parameterDefinition: maybeList(parameterDefinition),
  enabled: maybe(z.boolean()),
  sqlExpression: maybe(z.string()),
  validatorClass: maybe(z.string()),
});
export type TestDefinitionRecord = z.infer<typeof testDefinitionRecord>;

export const testSuiteRecord = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: maybe(z.string()),
  basic: maybe(z.boolean()),
  basicEntityReference: maybe(referenceSchema),
});
export type TestSuiteRecord = z.infer<typeof testSuiteRecord>;

export const testCaseResultRecord = z.object({
  timestamp: z.number(),
  testCaseStatus: maybe(z.enum(TEST_STATUSES)),
  result: maybe(z.string()),
  testCaseFQN: maybe(z.string()),
  passedRows: maybe(z.number()),
  failedRows: maybe(z.number()),
  testResultValue: maybeList(z.object({ name: maybe(z.string()), value: maybe(z.string()) })),
});
export type TestCaseResultRecord = z.infer<typeof testCaseResultRecord>;

export const testCaseRecord = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  entityLink: z.string(),
  testDefinition: maybe(referenceSchema),
  testSuite: maybe(referenceSchema),
  parameterValues: maybeList(z.object({ name: maybe(z.string()), value: maybe(z.string()) })),
  computePassedFailedRowCount: maybe(z.boolean()),
  useDynamicAssertion: maybe(z.boolean()),
  dimensionColumns: maybeList(z.string()),
  topDimensions: maybe(z.number()),
  /** The newest result, only if asked for. */
  testCaseResult: maybe(testCaseResultRecord),
});
export type TestCaseRecord = z.infer<typeof testCaseRecord>;

const columnRecord = z.object({
  name: z.string(),
  dataType: z.string(),
  dataTypeDisplay: maybe(z.string()),
  constraint: maybe(z.string()),
  tags: maybeList(z.object({ tagFQN: z.string() })),
  children: maybeList(childColumn),
});

export const tableUnderTestRecord = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  tableType: maybe(z.string()),
  columns: maybeList(columnRecord),
  tags: maybeList(z.object({ tagFQN: z.string() })),
  tableConstraints: maybeList(z.object({ constraintType: maybe(z.string()), columns: maybeList(z.string()) })),
  service: maybe(referenceSchema),
  serviceType: maybe(z.string()),
  testSuite: maybe(referenceSchema),
  tableProfilerConfig: maybe(z.record(z.string(), z.unknown())),
});
export type TableUnderTestRecord = z.infer<typeof tableUnderTestRecord>;
