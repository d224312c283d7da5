import type { MeasuredColumn } from '../measured-column.js';

/** A NaN or an infinity less itself is NaN or NULL, and 0 is neither. */
export function finiteSql(value: string, more = ''): string {
  return `CASE WHEN ${more}${value} - ${value} = 0 THEN ${value} END`;
}

/**
 * For engines of PostgreSQL's kind: also NUMERIC and times have such values. A bound, with as many digits as a NUMERIC
 * may have, is compared faster than a difference; versions before 14 don't know infinity as a NUMERIC.
 * @returns undefined for types without such values
 */
export function postgresFinite({ dataType }: MeasuredColumn, value: string): string | undefined {
  switch (dataType) {
    case 'FLOAT':
    case 'DOUBLE':
      return finiteSql(value);
    case 'NUMERIC':
    case 'DECIMAL':
      return `CASE WHEN ${value} BETWEEN -1e131071 AND 1e131071 THEN ${value} END`;
    case 'DATE':
    case 'TIMESTAMP':
      return `CASE WHEN isfinite(${value}) THEN ${value} END`;
    default:
      return undefined;
  }
}

/**
 * STDDEV_POP of engines of PostgreSQL's kind, which of equal doubles may be a bit above 0: they have none. NULL and
 * what is not finite leave it as it is.
 */
export function postgresDeviation(value: string, { dataType }: MeasuredColumn): string {
  const deviation = `STDDEV_POP(${value})`;
  if (dataType !== 'FLOAT' && dataType !== 'DOUBLE') return deviation;
  return `CASE WHEN MIN(${value}) = MAX(${value}) THEN MIN(${value}) - MAX(${value}) ELSE ${deviation} END`;
}
