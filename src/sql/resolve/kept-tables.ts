import type { StatementLineage } from './statement-lineage.js';

/** Without the drops of tables that later statements turned out to have: another one of the same name was dropped. */
export function withoutDropsOf(
  kept: ReadonlySet<string>,
  statements: readonly StatementLineage[]
): readonly StatementLineage[] {
  if (kept.size === 0) return statements;
  return statements.map((statement) => ({
    ...statement,
    ...(statement.drops && { drops: statement.drops.filter(({ key }) => !kept.has(key)) }),
    ...(statement.body && { body: withoutDropsOf(kept, statement.body) }),
  }));
}
