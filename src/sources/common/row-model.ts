import type { z } from 'zod';
import { PermanentError } from '../../errors/index.js';

/** Faults that a message names. */
const MOST_FAULTS = 3;
/** Most characters of a fault: a path may hold names from the source. */
const LONGEST_FAULT = 200;

/**
 * The rows of a batch, checked by their model.
 * @param who the server with its version, or the file, for the message
 * @throws PermanentError when a row doesn't fit: an unknown kind of server, or a damaged catalogue
 */
export function modelledRows<Row>(model: z.ZodType<Row[]>, batch: readonly unknown[], who: string): Row[] {
  const parsed = model.safeParse(batch);
  if (parsed.success) return parsed.data;
  throw new PermanentError(
    `${who} answers a catalogue statement in an unexpected way: ${describeFaults(parsed.error.issues)}`
  );
}

/** Each kind of fault once, however many rows have it; of the rest only the number. */
function describeFaults(issues: readonly z.core.$ZodIssue[]): string {
  const faults = new Map<string, number>();
  for (const { path, message } of issues) {
    const fault = `${path.slice(1).map(String).join('.')} ${message}`.trim().slice(0, LONGEST_FAULT);
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
  }
  const named = [...faults].slice(0, MOST_FAULTS);
  const shown = named.map(([fault, times]) => (times === 1 ? fault : `${fault} (${times} times)`));
  const more = issues.length - named.reduce((sum, [, times]) => sum + times, 0);
  return `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}
