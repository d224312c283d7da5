import type { Cell, Measure, MeasureValue, Moment } from '../measures.js';
import type { MeasuredColumn } from '../measured-column.js';
import { readMeasure } from './measure-cells.js';
import { timeText } from './utc-text.js';

/**
 * What gives a session a zone, and makes its next transactions read-only again: a user's SELECT that calls set_config
 * in a way that we don't notice would have what comes behind it write.
 */
export const postgresClocks = {
  server: clockSql('reset_val'),
  utc: clockSql("'UTC'"),
};

function clockSql(zone: string): string {
  const set = (name: string, value: string): string => `pg_catalog.set_config('${name}', ${value}, false)`;
  const both = `${set('default_transaction_read_only', "'on'")}, ${set('timezone', zone)}`;
  return `SELECT ${both} FROM pg_catalog.pg_settings WHERE name = 'TimeZone'`;
}

/** Of a column whose type has no zone; of a domain the catalogue has the name alone. */
const CLOCK_TIMES = /^timestamp(\(\d\))?( without time zone)?$/i;

/**
 * What the server's own clock showed at a moment, for a column that has no zone. Our sessions are in UTC; the zone that
 * other sessions of this user begin with is still what theirs would be reset to.
 */
export function postgresClockTime(
  { time, back }: Moment,
  { dataType, display = '' }: Pick<MeasuredColumn, 'dataType' | 'display'>
): string | undefined {
  if (dataType !== 'DATE' && !CLOCK_TIMES.test(display)) return undefined;
  const moment = `TIMESTAMPTZ '${timeText(back?.from ?? time, { dataType: 'TIMESTAMP' })}+00'`;
  const then = `${moment} AT TIME ZONE (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone')`;
  const shown = `(${then}${back === undefined ? '' : ` - INTERVAL '${back.amount} ${back.unit}'`})`;
  return dataType === 'DATE' ? `${shown}::date` : shown;
}

const TIMES: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMPZ', 'DATETIME']);

/** A measure as the driver returned it: least and last times in ISO 8601. */
export function readPostgresMeasure(measure: Measure, cell: Cell): MeasureValue {
  const isBound = measure.of === 'min' || measure.of === 'max';
  if (isBound && typeof cell === 'string' && (measure.on ?? 'value') === 'value') {
    // the session's zone is UTC, and the output has none
    if (TIMES.has(measure.column.dataType)) return cell.replace(' ', 'T').replace(/\+00(?=( BC)?$)/, '');
  }
  return readMeasure(measure, cell);
}
