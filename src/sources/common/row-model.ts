import type { z } from 'zod';
import { PermanentError } from '../../errors/index.js';

/**
 * The rows of a batch, checked by their model.
 * @param who the server with its version, for the message
 * @throws PermanentError when a row doesn't fit: an unknown kind of server
 */
export function modelledRows<Row>(model: z.ZodType<Row[]>, batch: readonly unknown[], who: string): Row[] {
  const parsed = model.safeParse(batch);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const column = issue?.path.slice(1).join('.') ?? '';
  throw new PermanentError(
    `${who} answers a catalogue statement in an unexpected way: ${column} ${issue?.message ?? ''}`
  );
}
