import type { MeasuredColumn } from '../measured-column.js';
import { timeText } from './utc-text.js';

/** Also over which the catalogue has no word of a zone; a domain shows its own name. */
const CLOCK_TIMES = /^timestamp(\(\d\))?( without time zone)?$/i;

/**
 * What the server's own clock showed at a moment, for a column that has no zone. Our sessions are in UTC; the zone that
 * other sessions of this user begin with is still what theirs would be reset to.
 */
export function postgresClockTime(
  time: number,
  { dataType, display = '' }: Pick<MeasuredColumn, 'dataType' | 'display'>
): string | undefined {
  if (dataType !== 'DATE' && !CLOCK_TIMES.test(display)) return undefined;
  const moment = `TIMESTAMPTZ '${timeText(time, { dataType: 'TIMESTAMP' })}+00'`;
  const shown = `(${moment} AT TIME ZONE (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone'))`;
  return dataType === 'DATE' ? `${shown}::date` : shown;
}
