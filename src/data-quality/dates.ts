import { timeText } from '../sources/index.js';
import type { CellValue } from './measure.js';
import { TestAborted } from './test-aborted.js';

/** `2026-11-27`, or `2026-11-27 23:10:00.000` for a type with a time; UTC. */
export function sqlDate(epochMs: number, dataType: string): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) throw new TestAborted(`${epochMs} isn't a date in milliseconds since the epoch.`);
  return timeText(epochMs, { dataType });
}

/** Milliseconds since the epoch of a measured date, which the engine returns as text; without a zone it is UTC. */
export function epochOf(value: CellValue, what: string): number {
  if (value === null) throw new TestAborted(`${what} is not known: the table has no such values.`);
  if (typeof value === 'number') return value;
  if (value === 'infinity') return Infinity;
  if (value === '-infinity') return -Infinity;
  const text = String(value).trim().replace(' ', 'T');
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const epoch = Date.parse(zoned.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isNaN(epoch)) throw new TestAborted(`${what} is ${JSON.stringify(value)}, not a date.`);
  return epoch;
}
