export { RULE_NAMES } from './definitions/index.js';
export type { TestOutcome, TestStatus } from './outcome.js';
export { type TestCase, type TestDefinition } from './plan-test.js';
export { planCases, runTests, type FailedRows, type FoundCase, type PlannedCase } from './run-tests.js';
export { TableSession } from './table-session.js';
export { toResult } from './test-result.js';
export type { ColumnUnderTest, TableFacts } from './test-rule.js';
