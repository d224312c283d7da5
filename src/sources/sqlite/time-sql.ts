/** Most seconds since 1970 that SQLite reads, the end of the year 9999; milliseconds are more from 1978 on. */
const MOST_SECONDS = 253_402_300_799;

/**
 * A value as the text of a time that sorts: SQLite has no type for times, so that a column holds texts with a blank or
 * a `T`, with or without a zone, and numbers: Julian days, seconds or milliseconds since 1970, as its own functions and
 * what writes such files have them. A text that these functions don't read stays as it is.
 *
 * @param isDay without the time of day
 */
export function timeSql(value: string, isDay: boolean): string {
  const seconds = `CASE WHEN typeof(${value}) <> 'text' AND ${value} > ${MOST_SECONDS} THEN ${value} / 1000.0 ELSE ${value} END`;
  const read = `strftime('${isDay ? '%Y-%m-%d' : '%Y-%m-%d %H:%M:%f'}', ${seconds}, 'auto')`;
  return `COALESCE(${read}, CASE typeof(${value}) WHEN 'text' THEN ${value} END)`;
}
