import {
  readTableLink,
  restoreName,
  sensitiveColumns,
  SENSITIVE,
  type TableUnderTestRecord,
  type TestCaseRecord,
  type TestDefinitionRecord,
} from '../openmetadata/index.js';
import type { TestCase, TestDefinition } from './plan-test.js';
import type { TableFacts } from './test-rule.js';

/** The platform whose tests are run here. */
const PLATFORM = 'OpenMetadata';
const TOP_DIMENSIONS = 5;

export function definitionOf(record: TestDefinitionRecord): TestDefinition {
  return {
    name: record.name,
    level: record.entityType === 'COLUMN' ? 'column' : 'table',
    parameters: record.parameterDefinition,
    supportedDataTypes: record.supportedDataTypes,
    platforms: record.testPlatforms,
    enabled: record.enabled ?? true,
    sqlExpression: record.sqlExpression,
    validatorClass: record.validatorClass,
  };
}

/**
 * Whether this worker should run tests of a definition: those of dbt or Great Expectations, and disabled ones, are left
 * out silently.
 */
export function isRunHere({ platforms, enabled }: TestDefinition): boolean {
  return enabled && (platforms.length === 0 || platforms.includes(PLATFORM));
}

/** Undefined for a case about something other than a table. */
export function testCaseOf(record: TestCaseRecord): TestCase | undefined {
  const link = readTableLink(record.entityLink);
  if (link === undefined) return undefined;
  const parameterValues = record.parameterValues.flatMap(({ name, value }) =>
    name === undefined || value === undefined ? [] : [{ name, value }]
  );
  return {
    id: record.id,
    name: record.name,
    fqn: record.fullyQualifiedName,
    tableFqn: link.tableFqn,
    ...(link.column === undefined ? {} : { column: restoreName(link.column) }),
    definition: record.testDefinition?.name ?? record.testDefinition?.fullyQualifiedName ?? '',
    parameterValues,
    computePassedFailedRowCount: record.computePassedFailedRowCount ?? false,
    useDynamicAssertion: record.useDynamicAssertion ?? false,
    dimensionColumns: record.dimensionColumns,
    topDimensions: record.topDimensions ?? TOP_DIMENSIONS,
  };
}

/** Names of the columns, as the source has them. */
export function tableFactsOf(record: TableUnderTestRecord): TableFacts {
  const sensitive = sensitiveColumns(record);
  return {
    fqn: record.fullyQualifiedName,
    columns: record.columns.map(({ name, dataType, dataTypeDisplay, constraint, tags }) => ({
      name: restoreName(name),
      dataType,
      ...(/^(TIMESTAMP|TEXT)$/.test(dataType) && dataTypeDisplay !== undefined ? { display: dataTypeDisplay } : {}),
      constraint,
      tags: [...tags.map(({ tagFQN }) => tagFQN), ...(sensitive.has(name) ? [SENSITIVE] : [])],
    })),
  };
}
