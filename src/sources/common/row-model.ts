import type { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import { describedFaults } from './described-faults.js';

/**
 * The rows of a batch, checked by their model.
 * @param who the server with its version, or the file, for the message
 * @throws PermanentError when a row doesn't fit: an unknown kind of server, or a damaged catalogue
 */
export function modelledRows<Row>(model: z.ZodType<Row[]>, batch: readonly unknown[], who: string): Row[] {
  const parsed = model.safeParse(batch);
  if (parsed.success) return parsed.data;
  // without the row's number: all rows with a fault have the same one
  const faults = parsed.error.issues.map(({ path, message }) => `${path.slice(1).map(String).join('.')} ${message}`);
  throw new PermanentError(`${who} answers a catalogue statement in an unexpected way: ${describedFaults(faults)}`);
}
