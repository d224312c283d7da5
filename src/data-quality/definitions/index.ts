import { columnRuleLibrarySqlExpressionValidator } from './column-rule-library-sql-expression-validator.js';
import { columnValueLengthsToBeBetween } from './column-value-lengths-to-be-between.js';
import { columnValueMaxToBeBetween } from './column-value-max-to-be-between.js';
import { columnValueMeanToBeBetween } from './column-value-mean-to-be-between.js';
import { columnValueMedianToBeBetween } from './column-value-median-to-be-between.js';
import { columnValueMinToBeBetween } from './column-value-min-to-be-between.js';
import { columnValueStdDevToBeBetween } from './column-value-std-dev-to-be-between.js';
import { columnValuesMissingCount } from './column-values-missing-count.js';
import { columnValuesSumToBeBetween } from './column-values-sum-to-be-between.js';
import { columnValuesToBeAtExpectedLocation } from './column-values-to-be-at-expected-location.js';
import { columnValuesToBeBetween } from './column-values-to-be-between.js';
import { columnValuesToBeInSet } from './column-values-to-be-in-set.js';
import { columnValuesToBeNotInSet } from './column-values-to-be-not-in-set.js';
import { columnValuesToBeNotNull } from './column-values-to-be-not-null.js';
import { columnValuesToBeUnique } from './column-values-to-be-unique.js';
import { columnValuesToMatchRegex } from './column-values-to-match-regex.js';
import { columnValuesToNotMatchRegex } from './column-values-to-not-match-regex.js';
import { tableColumnCountToBeBetween } from './table-column-count-to-be-between.js';
import { tableColumnCountToEqual } from './table-column-count-to-equal.js';
import { tableColumnNameToExist } from './table-column-name-to-exist.js';
import { tableColumnToMatchSet } from './table-column-to-match-set.js';
import { tableCustomSQLQuery } from './table-custom-sql-query.js';
import { tableDiff } from './table-diff.js';
import { tableRowCountToBeBetween } from './table-row-count-to-be-between.js';
import { tableRowCountToEqual } from './table-row-count-to-equal.js';
import { tableRowInsertedCountToBeBetween } from './table-row-inserted-count-to-be-between.js';
import { tableRuleLibrarySqlExpressionValidator } from './table-rule-library-sql-expression-validator.js';
import type { TestRule } from '../test-rule.js';

/**
 * Every built-in test of OpenMetadata 2.0, by the name of its definition. A new one is a file here and a line in this
 * list.
 */
const RULES: readonly TestRule[] = [
  columnRuleLibrarySqlExpressionValidator,
  columnValueLengthsToBeBetween,
  columnValueMaxToBeBetween,
  columnValueMeanToBeBetween,
  columnValueMedianToBeBetween,
  columnValueMinToBeBetween,
  columnValueStdDevToBeBetween,
  columnValuesMissingCount,
  columnValuesSumToBeBetween,
  columnValuesToBeAtExpectedLocation,
  columnValuesToBeBetween,
  columnValuesToBeInSet,
  columnValuesToBeNotInSet,
  columnValuesToBeNotNull,
  columnValuesToBeUnique,
  columnValuesToMatchRegex,
  columnValuesToNotMatchRegex,
  tableColumnCountToBeBetween,
  tableColumnCountToEqual,
  tableColumnNameToExist,
  tableColumnToMatchSet,
  tableCustomSQLQuery,
  tableDiff,
  tableRowCountToBeBetween,
  tableRowCountToEqual,
  tableRowInsertedCountToBeBetween,
  tableRuleLibrarySqlExpressionValidator,
];

const BY_NAME: ReadonlyMap<string, TestRule> = new Map(RULES.map((rule) => [rule.name, rule]));

export const RULE_NAMES: readonly string[] = RULES.map(({ name }) => name);

/** Undefined for a definition that this version doesn't know. */
export function findRule(definition: string): TestRule | undefined {
  return BY_NAME.get(definition);
}
