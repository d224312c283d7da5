import { timeText } from '../common/utc-text.js';
import type { Moment } from '../condition.js';
import type { MeasuredColumn } from '../measured-column.js';

/** What the server's own clock showed at a moment, for a column that has no zone. A TIMESTAMP is in the session's. */
export function mysqlClockTime(
  { time, back, micros }: Moment,
  { dataType }: Pick<MeasuredColumn, 'dataType'>
): string | undefined {
  const moment = `${timeText(back?.from ?? time, { dataType: 'DATETIME' })}${micros === undefined ? '' : String(micros).padStart(3, '0')}`;
  if (dataType !== 'DATETIME' && dataType !== 'DATE') return micros === undefined ? undefined : `'${moment}'`;
  const then = isConverted(back?.from ?? time) ? shownThen(moment) : shownFar(moment);
  const shown = back === undefined ? then : `${then} - INTERVAL ${back.amount} ${back.unit}`;
  return dataType === 'DATE' ? `DATE(${shown})` : shown;
}

/** Outside of a TIMESTAMP's range many servers give a moment back as it was. */
function isConverted(time: number): boolean {
  return time >= 1_000 && time < 2 ** 31 * 1_000;
}

function shownThen(moment: string): string {
  return `CONVERT_TZ('${moment}', '+00:00', @@GLOBAL.time_zone)`;
}

/** Of a zone with a name that isn't UTC the server can't tell: two rows, which it refuses as a value. */
function shownFar(moment: string): string {
  const unmoved = (at: string): string => `${shownThen(at)} = CAST('${at}' AS DATETIME(6))`;
  const isUtc = `(${unmoved('2000-01-01 00:00:00')} AND ${unmoved('2000-07-01 00:00:00')})`;
  const ahead = `TIME_TO_SEC(REPLACE(@@GLOBAL.time_zone, '+', ''))`;
  return `CASE WHEN @@GLOBAL.time_zone REGEXP '^[-+]' THEN CAST('${moment}' AS DATETIME(6)) + INTERVAL ${ahead} SECOND WHEN ${isUtc} OR NOT ${unmoved(moment)} THEN ${shownThen(moment)} ELSE (SELECT '${moment}' UNION ALL SELECT '${moment}') END`;
}
