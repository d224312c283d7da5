import { z } from 'zod';
import { exactJson, TEST_STATUSES } from '../openmetadata/index.js';
import type { TestDefinition } from './plan-test.js';

/**
 * What the stages of a data quality run pass on, one per line. Written by this program but parsed all the same: another
 * version may have written it.
 */

const text = z.string();
const optionalText = z.exactOptional(z.string());

const testCase = z.object({
  id: text,
  name: text,
  fqn: text,
  tableFqn: text,
  column: optionalText,
  definition: text,
  parameterValues: z.array(z.object({ name: text, value: text })),
  computePassedFailedRowCount: z.boolean(),
  useDynamicAssertion: z.boolean(),
  dimensionColumns: z.array(text),
  topDimensions: z.number(),
});

const column = z.object({
  name: text,
  dataType: text,
  display: text.optional(),
  constraint: text.optional(),
  tags: z.array(text),
});

const table = z.object({
  fqn: text,
  isView: z.boolean(),
  service: text,
  serviceType: optionalText,
  columns: z.array(column),
  /** Columns of the primary key, and everything that must be unique. */
  primaryKey: z.array(text),
  uniqueColumns: z.array(text),
  /** As stored: sample and partition. */
  profilerConfig: z.exactOptional(z.record(z.string(), z.unknown())),
});

export type StagedTable = z.infer<typeof table>;

const parameterDefinition = z.object({
  name: text,
  dataType: optionalText,
  required: z.exactOptional(z.boolean()),
  optionValues: z.array(z.unknown()),
  validationRule: z.exactOptional(z.object({ parameterField: optionalText, rule: optionalText })),
});

const definition: z.ZodType<TestDefinition> = z.object({
  name: text,
  level: z.enum(['table', 'column']),
  parameters: z.array(parameterDefinition),
  supportedDataTypes: z.array(text),
  platforms: z.array(text),
  enabled: z.boolean(),
  sqlExpression: optionalText,
  validatorClass: optionalText,
});

/** The cases of one table that run together, or one comparison of tables. */
export const testsLine = z.object({
  key: text,
  /** Absent: OpenMetadata no longer has such a table. */
  table: z.exactOptional(table),
  cases: z.array(testCase),
  definitions: z.array(definition),
});
export type TestsLine = z.infer<typeof testsLine>;

const resultValue = z.object({ name: text, value: optionalText });
const number = z.exactOptional(z.number());
const resultParts = {
  testCaseStatus: z.enum(TEST_STATUSES),
  result: text,
  testResultValue: z.array(resultValue),
  passedRows: number,
  failedRows: number,
  passedRowsPercentage: number,
  failedRowsPercentage: number,
};

const dimensionResult = z.object({
  ...resultParts,
  dimensionValues: z.array(z.object({ name: text, value: text })),
  dimensionKey: text,
  impactScore: number,
});

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One result, ready to be published. */
export const resultLine = z.object({
  caseId: text,
  caseFqn: text,
  result: z.object({
    ...resultParts,
    timestamp: z.number(),
    minBound: number,
    maxBound: number,
    dimensionResults: z.exactOptional(z.array(dimensionResult)),
  }),
  /** About the case, for the journal. */
  test: z.exactOptional(z.object({ table: text, column: optionalText, name: text, definition: text })),
  /** The statement that gave the result, cut if it is long. */
  sql: optionalText,
  failedRows: z.exactOptional(
    z.object({
      columns: z.array(text),
      /** As JSON, since they are sent with all digits; an array of releases that staged it so. */
      rows: z.union([text, z.array(z.array(cell)).transform(exactJson)]),
      sql: text,
      anyColumns: z.boolean(),
    })
  ),
});
export type ResultLine = z.infer<typeof resultLine>;

/** One result that was sent. */
export const publishedResult = z.object({
  caseFqn: text,
  /** Why the catalog didn't take it. */
  refused: optionalText,
});
export type PublishedResult = z.infer<typeof publishedResult>;
