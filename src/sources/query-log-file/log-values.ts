/** Fields of a log in CSV. */

/** The end of the year 9999: anything later isn't the time of a query, and has no date that OpenMetadata reads. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * `2026-11-22 10:00:00`, ISO 8601, both optionally with a part of a second (`.123`, `,123`) and a zone (`Z`, `UTC`,
 * `+02`, `-0800`), or milliseconds since the epoch; a time without a zone is UTC. undefined for anything else: what
 * Date.parse makes of it depends on the worker's own zone.
 */
export function toMilliseconds(value: string): number | undefined {
  if (/^\d{12,}$/.test(value)) return Number(value) <= LAST_MS ? Number(value) : undefined;
  const [, date, clock = '00:00', zone = 'Z'] = TIME.exec(value.trim()) ?? [];
  // Date.parse takes the 31st of each month, and makes another day of it
  if (date === undefined || new Date(`${date}T00:00Z`).getUTCDate() !== Number(date.slice(8))) return undefined;
  const offset = /^([+-]\d{2}):?(\d{2})?$/.exec(zone);
  const time = Date.parse(
    `${date}T${clock.replace(',', '.')}${offset === null ? 'Z' : `${offset[1]}:${offset[2] ?? '00'}`}`
  );
  return Number.isNaN(time) ? undefined : time;
}

/** A duration or a cost; what is below nothing is neither. */
export function numberOf(text: string | undefined): number | undefined {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

const TRUE: ReadonlySet<string> = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0']);

/** Whether `aborted` says that the run failed. */
export function isTrue(value: string): boolean {
  return TRUE.has(value.trim().toLowerCase());
}

/** Whether `aborted` can be read. */
export function isAbortedWord(value: string): boolean {
  return isTrue(value) || FALSE.has(value.trim().toLowerCase());
}
