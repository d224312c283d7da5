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
  const then = `CONVERT_TZ('${moment}', '+00:00', @@GLOBAL.time_zone)`;
  const shown = back === undefined ? then : `${then} - INTERVAL ${back.amount} ${back.unit}`;
  return dataType === 'DATE' ? `DATE(${shown})` : shown;
}
