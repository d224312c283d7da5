import type { Cell, Moment } from '../condition.js';
import type { Measure, MeasureValue } from '../measure.js';
import { readMeasure } from './measure-cells.js';
import type { ComparedColumn } from './sql-dialect.js';
import { quoteIdentifier } from './quoted-name.js';
import { timeText } from './utc-text.js';

/**
 * A transaction that undoes what users' SQL sets in the session, by whatever function: a rollback sets back all
 * settings, and what began read-only stays so once a statement ran. Locks that outlive it are given back.
 */
export const postgresUndoing = {
  begin: {
    server: `BEGIN READ ONLY; SELECT pg_catalog.set_config('timezone', reset_val, true) FROM pg_catalog.pg_settings WHERE name = 'TimeZone'`,
    utc: 'BEGIN READ ONLY',
  },
  end: 'ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()',
};

/** The server's own names of times; a domain over one of them has a name of its own. */
const CLOCK_TIMES = /^timestamp(\(\d\))?( without time zone)?$/i;
const ZONED_TIMES = /^timestamp(\(\d\))? with time zone$/i;
const TIMES: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMPZ', 'DATETIME']);

/**
 * What the server's own clock showed at a moment, for a column that has no zone. Our sessions are in UTC; the zone that
 * other sessions of this user begin with is still what theirs would be reset to.
 */
export function postgresClockTime(
  { time, back }: Moment,
  { name, dataType, display = '' }: ComparedColumn
): string | undefined {
  const momentAt = (at: number): string => `TIMESTAMPTZ '${timeText(at, { dataType: 'TIMESTAMP' })}+00'`;
  const zone = "(SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone')";
  const then = `${momentAt(back?.from ?? time)} AT TIME ZONE ${zone}`;
  const shown = `(${then}${back === undefined ? '' : ` - INTERVAL '${back.amount} ${back.unit}'`})`;
  if (dataType === 'DATE') return `${shown}::date`;
  if (CLOCK_TIMES.test(display)) return shown;
  if (ZONED_TIMES.test(display) || name === undefined || !TIMES.has(dataType)) return undefined;
  return `CASE WHEN ${hasZone(name)} THEN ${momentAt(time)} ELSE ${shown} AT TIME ZONE 'UTC' END`;
}

/**
 * Of a domain the catalogue has the name alone, and a sum has the type below. It is never computed: the server makes a
 * constant of it before it looks for an index.
 */
function hasZone(name: string): string {
  const never = `CASE WHEN false THEN ${quoteIdentifier(name)} + INTERVAL '0' END`;
  return `pg_catalog.pg_typeof(${never}) = 'pg_catalog.timestamptz'::regtype`;
}

/** A measure as the driver returned it: least and last times in ISO 8601. */
export function readPostgresMeasure(measure: Measure, cell: Cell): MeasureValue {
  const isBound = measure.of === 'min' || measure.of === 'max';
  if (isBound && typeof cell === 'string' && (measure.on ?? 'value') === 'value') {
    // the session's zone is UTC, and the output has none
    if (TIMES.has(measure.column.dataType)) return cell.replace(' ', 'T').replace(/\+00(?=( BC)?$)/, '');
  }
  return readMeasure(measure, cell);
}
