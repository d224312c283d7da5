import { createHash } from 'node:crypto';

/**
 * The sourceHash (32 hex digits) of a table that was sent without some of its foreign keys. It derives from the hash of
 * the whole table: while the source stays the same, the next run finds it, sends nothing but the keys, and says
 * "unchanged"; any change of the source sends the table again.
 */
export function waitingHash(sourceHash: string): string {
  return createHash('md5').update(`foreign keys wait: ${sourceHash}`).digest('hex');
}
