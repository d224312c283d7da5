import type { MeasuredColumn } from '../measured-column.js';
import { timeText } from '../common/utc-text.js';

/** What the server's own clock showed at a moment, for a column that has no zone. A TIMESTAMP is in the session's. */
export function mysqlClockTime(time: number, { dataType }: Pick<MeasuredColumn, 'dataType'>): string | undefined {
  if (dataType !== 'DATETIME' && dataType !== 'DATE') return undefined;
  const shown = `CONVERT_TZ('${timeText(time, { dataType: 'DATETIME' })}', '+00:00', @@GLOBAL.time_zone)`;
  return dataType === 'DATE' ? `DATE(${shown})` : shown;
}
