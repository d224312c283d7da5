import { COLUMN_DATA_TYPES } from '../../openmetadata/index.js';
import type { JsonObject } from '../json-value.js';

/**
 * The built-in test definitions as a server has them from its start: names, levels, parameters, types of columns (facts
 * of OpenMetadata 2.0.7). Display names and descriptions are this project's own.
 */

interface Parameter {
  readonly name: string;
  readonly dataType: string;
  readonly required?: true;
  readonly optionValues?: readonly string[];
  readonly rule?: readonly [rule: string, parameter: string];
}

const NUMBERS = ['NUMBER', 'INT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'TINYINT', 'SMALLINT', 'BIGINT', 'BYTEINT'];
const DATES = ['TIMESTAMP', 'TIMESTAMPZ', 'DATETIME', 'DATE'];
const TEXTS = ['BYTES', 'STRING', 'MEDIUMTEXT', 'TEXT', 'CHAR', 'VARCHAR'];
/** Not-null, unique and missing-count take every countable type: those that existed before VARIANT, except two. */
const ALL_TYPES: readonly string[] = COLUMN_DATA_TYPES.slice(0, COLUMN_DATA_TYPES.indexOf('VARIANT')).filter(
  (type) => type !== 'INTERVAL' && type !== 'LONG'
);

const AT_MOST = 'LESS_THAN_OR_EQUALS';
const AT_LEAST = 'GREATER_THAN_OR_EQUALS';

function range(dataType: string, min: string, max: string): Parameter[] {
  return [
    { name: min, dataType, rule: [AT_MOST, max] },
    { name: max, dataType, rule: [AT_LEAST, min] },
  ];
}

interface Facts {
  readonly entityType: 'TABLE' | 'COLUMN';
  readonly title: string;
  readonly about: string;
  readonly dimension: string;
  readonly types?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly rowLevel?: true;
  readonly services?: readonly string[];
}

const COLUMN = 'COLUMN';
const TABLE = 'TABLE';

function statistic(word: string, parameters: readonly Parameter[]): Facts {
  return {
    entityType: COLUMN,
    title: `Column Value ${word} To Be Between`,
    about: `The ${word.toLowerCase()} of the column lies between two bounds, both included.`,
    dimension: 'Accuracy',
    types: NUMBERS,
    parameters,
  };
}

const DEFINITIONS: Readonly<Record<string, Facts>> = {
  columnValueLengthsToBeBetween: {
    entityType: COLUMN,
    title: 'Column Value Lengths To Be Between',
    about: 'Every value has at least and at most so many characters.',
    dimension: 'Accuracy',
    types: TEXTS,
    parameters: range('INT', 'minLength', 'maxLength'),
    rowLevel: true,
  },
  columnValueMaxToBeBetween: statistic('Max', range('INT', 'minValueForMaxInCol', 'maxValueForMaxInCol')),
  columnValueMeanToBeBetween: statistic('Mean', range('INT', 'minValueForMeanInCol', 'maxValueForMeanInCol')),
  columnValueMedianToBeBetween: statistic('Median', range('INT', 'minValueForMedianInCol', 'maxValueForMedianInCol')),
  columnValueMinToBeBetween: statistic('Min', range('INT', 'minValueForMinInCol', 'maxValueForMinInCol')),
  columnValueStdDevToBeBetween: statistic('StdDev', range('INT', 'minValueForStdDevInCol', 'maxValueForStdDevInCol')),
  columnValuesMissingCount: {
    entityType: COLUMN,
    title: 'Column Values Missing Count',
    about: 'So many values are missing: null, empty, or one of a list.',
    dimension: 'Completeness',
    types: ALL_TYPES,
    parameters: [
      { name: 'missingCountValue', dataType: 'INT', required: true },
      { name: 'missingValueMatch', dataType: 'STRING' },
    ],
  },
  columnValuesSumToBeBetween: {
    ...statistic('Sum', range('INT', 'minValueForColSum', 'maxValueForColSum')),
    title: 'Column Values Sum To Be Between',
  },
  columnValuesToBeAtExpectedLocation: {
    entityType: COLUMN,
    title: 'Column Values To Be At Expected Location',
    about: 'Coordinates lie near the place that the column names.',
    dimension: 'Accuracy',
    types: ['BYTES', 'STRING', 'MEDIUMTEXT', 'TEXT', 'CHAR', 'VARCHAR', 'NUMBER', 'INT', 'FLOAT', 'DOUBLE', 'DECIMAL'],
    parameters: [
      { name: 'locationReferenceType', dataType: 'ARRAY', required: true, optionValues: ['CITY', 'POSTAL_CODE'] },
      { name: 'longitudeColumnName', dataType: 'STRING', required: true },
      { name: 'latitudeColumnName', dataType: 'STRING', required: true },
      { name: 'radius', dataType: 'FLOAT', required: true },
    ],
  },
  columnValuesToBeBetween: {
    entityType: COLUMN,
    title: 'Column Values To Be Between',
    about: 'Every value lies between two bounds, both included.',
    dimension: 'Accuracy',
    types: [...NUMBERS, ...DATES],
    parameters: range('INT', 'minValue', 'maxValue'),
    rowLevel: true,
  },
  columnValuesToBeInSet: {
    entityType: COLUMN,
    title: 'Column Values To Be In Set',
    about: 'At least one value is one of a list; with matchEnum every value is.',
    dimension: 'Validity',
    types: [...NUMBERS, ...TEXTS, 'BOOLEAN'],
    parameters: [
      { name: 'allowedValues', dataType: 'ARRAY', required: true },
      { name: 'matchEnum', dataType: 'BOOLEAN' },
    ],
    rowLevel: true,
  },
  columnValuesToBeNotInSet: {
    entityType: COLUMN,
    title: 'Column Values To Be Not In Set',
    about: 'No value is one of a list.',
    dimension: 'Validity',
    types: [...NUMBERS, ...TEXTS, 'BOOLEAN'],
    parameters: [{ name: 'forbiddenValues', dataType: 'ARRAY', required: true }],
    rowLevel: true,
  },
  columnValuesToBeNotNull: {
    entityType: COLUMN,
    title: 'Column Values To Be Not Null',
    about: 'No value is null.',
    dimension: 'Completeness',
    types: ALL_TYPES,
    rowLevel: true,
  },
  columnValuesToBeUnique: {
    entityType: COLUMN,
    title: 'Column Values To Be Unique',
    about: 'No value occurs twice.',
    dimension: 'Uniqueness',
    types: ALL_TYPES,
    rowLevel: true,
  },
  columnValuesToMatchRegex: {
    entityType: COLUMN,
    title: 'Column Values To Match Regex Pattern',
    about: 'Every value matches a regular expression of the database.',
    dimension: 'Validity',
    types: TEXTS,
    parameters: [{ name: 'regex', dataType: 'STRING', required: true }],
    rowLevel: true,
  },
  columnValuesToNotMatchRegex: {
    entityType: COLUMN,
    title: 'Column Values To Not Match Regex Pattern',
    about: 'No value matches a regular expression of the database.',
    dimension: 'Validity',
    types: TEXTS,
    parameters: [{ name: 'forbiddenRegex', dataType: 'STRING', required: true }],
    rowLevel: true,
  },
  tableColumnCountToBeBetween: {
    entityType: TABLE,
    title: 'Table Column Count To Be Between',
    about: 'The table has at least and at most so many columns.',
    dimension: 'Integrity',
    parameters: range('INT', 'minColValue', 'maxColValue'),
  },
  tableColumnCountToEqual: {
    entityType: TABLE,
    title: 'Table Column Count To Equal',
    about: 'The table has so many columns.',
    dimension: 'Integrity',
    parameters: [{ name: 'columnCount', dataType: 'INT', required: true }],
  },
  tableColumnNameToExist: {
    entityType: TABLE,
    title: 'Table Column Name To Exist',
    about: 'The table has a column of this name.',
    dimension: 'Integrity',
    parameters: [{ name: 'columnName', dataType: 'STRING', required: true }],
  },
  tableColumnToMatchSet: {
    entityType: TABLE,
    title: 'Table Column Names To Match Set',
    about: 'The table has these columns and no others.',
    dimension: 'Integrity',
    parameters: [
      { name: 'columnNames', dataType: 'STRING', required: true },
      { name: 'ordered', dataType: 'BOOLEAN' },
    ],
  },
  tableCustomSQLQuery: {
    entityType: TABLE,
    title: 'Custom SQL Query',
    about: 'The number of rows that a query returns, or that it counts, against a threshold.',
    dimension: 'SQL',
    parameters: [
      { name: 'sqlExpression', dataType: 'STRING', required: true },
      { name: 'strategy', dataType: 'ARRAY', optionValues: ['ROWS', 'COUNT'] },
      { name: 'operator', dataType: 'STRING' },
      { name: 'threshold', dataType: 'NUMBER' },
      { name: 'partitionExpression', dataType: 'STRING' },
    ],
    rowLevel: true,
  },
  tableDiff: {
    entityType: TABLE,
    title: 'Compare 2 Tables For Differences',
    about: 'The table has the same rows as another one, of this service or of another.',
    dimension: 'Consistency',
    parameters: [
      { name: 'table2', dataType: 'STRING', required: true },
      { name: 'keyColumns', dataType: 'ARRAY' },
      { name: 'table2.keyColumns', dataType: 'ARRAY' },
      { name: 'useColumns', dataType: 'ARRAY' },
      { name: 'where', dataType: 'STRING' },
      { name: 'threshold', dataType: 'NUMBER' },
      { name: 'caseSensitiveColumns', dataType: 'BOOLEAN' },
    ],
    rowLevel: true,
    services: [
      'Snowflake',
      'BigQuery',
      'Athena',
      'Redshift',
      'Postgres',
      'Mysql',
      'Mssql',
      'Oracle',
      'Trino',
      'SapHana',
      'Databricks',
      'UnityCatalog',
    ],
  },
  tableRowCountToBeBetween: {
    entityType: TABLE,
    title: 'Table Row Count To Be Between',
    about: 'The table has at least and at most so many rows.',
    dimension: 'Integrity',
    parameters: range('INT', 'minValue', 'maxValue'),
  },
  tableRowCountToEqual: {
    entityType: TABLE,
    title: 'Table Row Count To Equal',
    about: 'The table has so many rows.',
    dimension: 'Integrity',
    parameters: [{ name: 'value', dataType: 'INT', required: true }],
  },
  tableRowInsertedCountToBeBetween: {
    entityType: TABLE,
    title: 'Table Row Inserted Count To Be Between',
    about: 'So many rows came in during the last hours, days, months or years.',
    dimension: 'Integrity',
    parameters: [
      ...range('INT', 'min', 'max'),
      { name: 'columnName', dataType: 'STRING', required: true },
      { name: 'rangeType', dataType: 'STRING', required: true },
      { name: 'rangeInterval', dataType: 'INT', required: true },
    ],
  },
  columnRuleLibrarySqlExpressionValidator: {
    entityType: COLUMN,
    title: 'Column Rule Library SQL Expression',
    about: 'No row fulfils the condition of a rule.',
    dimension: 'SQL',
  },
  tableRuleLibrarySqlExpressionValidator: {
    entityType: TABLE,
    title: 'Table Rule Library SQL Expression',
    about: 'No row fulfils the condition of a rule.',
    dimension: 'SQL',
  },
};

/** Name → body of PUT `/dataQuality/testDefinitions`, with the switches that only the server sets. */
export const BUILT_IN_TESTS: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries(DEFINITIONS).map(([name, facts]) => [name, document(name, facts)])
);

function document(name: string, facts: Facts): JsonObject {
  return {
    name,
    displayName: facts.title,
    description: facts.about,
    entityType: facts.entityType,
    testPlatforms: ['OpenMetadata'],
    supportedDataTypes: facts.types ?? [],
    parameterDefinition: (facts.parameters ?? []).map(({ rule, required, ...parameter }) => ({
      ...parameter,
      required: required ?? false,
      ...(rule === undefined ? {} : { validationRule: { rule: rule[0], parameterField: rule[1] } }),
    })),
    dataQualityDimension: facts.dimension,
    supportedServices: facts.services ?? [],
    provider: 'system',
    enabled: true,
    supportsRowLevelPassedFailed: facts.rowLevel ?? false,
    supportsDynamicAssertion: false,
  };
}
