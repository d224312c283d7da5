import { shorten } from '../report/index.js';
import { redact } from '../secrets/index.js';

/** A reason that may be staged: short and without secrets. */
export function reasonText(message: string): string {
  return shorten(redact(message));
}
