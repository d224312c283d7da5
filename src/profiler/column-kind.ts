/** What can be measured for a column, by OpenMetadata's data type. */
export type ColumnKind = 'number' | 'text' | 'time' | 'counts' | 'nulls';

const NUMBERS = new Set([
  ...['NUMBER', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'BYTEINT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'NUMERIC', 'MONEY'],
  // Left out by OpenMetadata's own profiler.
  ...['YEAR', 'BIT', 'LONG', 'UINT', 'LARGEINT'],
]);
const TEXTS = new Set(['STRING', 'CHAR', 'VARCHAR', 'TEXT', 'MEDIUMTEXT', 'NTEXT', 'ENUM']);
const TIMES = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'TIMESTAMPZ']);
const COUNTED = new Set([
  ...[
    'BOOLEAN',
    'BINARY',
    'VARBINARY',
    'BLOB',
    'MEDIUMBLOB',
    'LONGBLOB',
    'BYTES',
    'BYTEA',
    'UUID',
    'INTERVAL',
    'IMAGE',
  ],
  ...['IPV4', 'IPV6', 'TIME'],
]);

/** @param measured from the connector: what its engine measures that others don't, by data type */
export function columnKind(dataType: string, measured: Readonly<Record<string, ColumnKind>> = {}): ColumnKind {
  const own = Object.hasOwn(measured, dataType) ? measured[dataType] : undefined;
  if (own !== undefined) return own;
  if (NUMBERS.has(dataType)) return 'number';
  if (TEXTS.has(dataType)) return 'text';
  if (TIMES.has(dataType)) return 'time';
  if (COUNTED.has(dataType)) return 'counts';
  return 'nulls';
}

const NULL_METRICS = ['valuesCount', 'nullCount', 'nullProportion'];
const COUNT_METRICS = [
  ...NULL_METRICS,
  ...['distinctCount', 'distinctProportion', 'uniqueCount', 'uniqueProportion', 'duplicateCount'],
];
const AMOUNT_METRICS = [
  ...['min', 'max', 'mean', 'sum', 'stddev', 'firstQuartile', 'median', 'thirdQuartile', 'interQuartileRange'],
  'nonParametricSkew',
];

/** The metrics that a kind of column has. */
export const METRICS_OF_KIND: Readonly<Record<ColumnKind, ReadonlySet<string>>> = {
  number: new Set([...COUNT_METRICS, ...AMOUNT_METRICS, 'histogram']),
  text: new Set([...COUNT_METRICS, ...AMOUNT_METRICS, 'minLength', 'maxLength', 'cardinalityDistribution']),
  time: new Set([...COUNT_METRICS, 'min', 'max']),
  counts: new Set(COUNT_METRICS),
  // every engine counts what is not NULL, also of types without order or equality
  nulls: new Set(NULL_METRICS),
};
