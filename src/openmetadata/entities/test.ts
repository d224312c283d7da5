import type { EntityReference } from './references.js';

export interface TestParameterValue {
  readonly name: string;
  /** Always text: lists as `["a", "b"]`. */
  readonly value: string;
}

/** Body of PUT `/dataQuality/testSuites/executable`. */
export interface CreateTestSuiteRequest {
  /** `<tableFQN>.testSuite` for the suite of a table. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** FQN of the table whose tests these are; absent for a logical suite. */
  readonly basicEntityReference?: string;
}

/** Body of PUT `/dataQuality/testCases`. */
export interface CreateTestCaseRequest {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** FQN of the test definition. */
  readonly testDefinition: string;
  /** `<#E::table::FQN>` or `<#E::table::FQN::columns::name>`. */
  readonly entityLink: string;
  readonly parameterValues?: readonly TestParameterValue[];
  readonly computePassedFailedRowCount?: boolean;
  readonly useDynamicAssertion?: boolean;
  readonly dimensionColumns?: readonly string[];
  /** 1 to 50. */
  readonly topDimensions?: number;
  readonly owners?: readonly EntityReference[];
}

export const TEST_STATUSES = ['Success', 'Failed', 'Aborted', 'Queued'] as const;
export type TestCaseStatus = (typeof TEST_STATUSES)[number];

export interface TestResultValue {
  readonly name: string;
  readonly value?: string;
}

/** Result for the rows with one value of a dimension column. */
export interface TestDimensionResult {
  readonly dimensionValues: readonly { readonly name: string; readonly value: string }[];
  /** `name=value`. */
  readonly dimensionKey: string;
  readonly testCaseStatus: TestCaseStatus;
  readonly result: string;
  readonly testResultValue: readonly TestResultValue[];
  readonly passedRows?: number;
  readonly failedRows?: number;
  readonly passedRowsPercentage?: number;
  readonly failedRowsPercentage?: number;
  /** 0 to 1. */
  readonly impactScore?: number;
}

/** Body of POST `/dataQuality/testCases/testCaseResults/{fqn}`. */
export interface CreateTestCaseResult {
  /** Milliseconds since the epoch; one result per case and time. */
  readonly timestamp: number;
  readonly testCaseStatus: TestCaseStatus;
  readonly result: string;
  readonly testResultValue: readonly TestResultValue[];
  readonly passedRows?: number;
  readonly failedRows?: number;
  readonly passedRowsPercentage?: number;
  readonly failedRowsPercentage?: number;
  readonly minBound?: number;
  readonly maxBound?: number;
  readonly dimensionResults?: readonly TestDimensionResult[];
}

const OPENED = '<#E::table::';

/** The link with which a test case names its table or column. Names as OpenMetadata stores them. */
export function tableLink(tableFqn: string, column?: string): string {
  return `${OPENED}${tableFqn}${column === undefined ? '' : `::columns::${column}`}>`;
}

/** What an entity link names; undefined if that isn't a table. */
export function readTableLink(link: string): { readonly tableFqn: string; readonly column?: string } | undefined {
  const match = /^<#E::table::(.+?)(?:::columns::(.+))?>$/su.exec(link);
  const [, tableFqn, column] = match ?? [];
  return tableFqn === undefined ? undefined : { tableFqn, ...(column === undefined ? {} : { column }) };
}
