import type { ResolveContext } from './context.js';
import { CREATIONS } from './statement-kinds.js';
import type { StatementLineage } from './statement-lineage.js';

/** From here on names mean what the statement has made, renamed and dropped. */
export function followStatement(
  { kind, reads, writes, renames = [], drops = [] }: StatementLineage,
  { session, dropped, made, created }: ResolveContext
): void {
  const isNew = CREATIONS.has(kind);
  session.add([...reads, ...(isNew ? [] : writes)]);
  if (isNew) session.make(writes);
  session.rename(renames);
  session.drop(drops);
  dropped.follow({ made: isNew ? writes : [], renames, drops });
  for (const { from, to } of renames) if (made.delete(from.key)) made.add(to.key);
  for (const { key } of drops) {
    made.delete(key);
    created.delete(key);
  }
}
