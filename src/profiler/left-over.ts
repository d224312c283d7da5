import type { UnitTable } from './plan-units.js';
import type { CutTable } from './unit-lines.js';

/** Ends a call of a unit whose share is not enough for all its tables: they stay open for another call. */
export class LeftOver extends Error {
  override readonly name = 'LeftOver';

  /** @param statements that they take, as far as is known */
  constructor(readonly statements: number) {
    super('the share of the unit is spent');
  }
}

/** A unit's tables: those in whose midst a share was spent come last, with what was learnt of them. */
export function knowingCuts(tables: readonly UnitTable[], cut: ReadonlyMap<string, CutTable>): UnitTable[] {
  const others = tables.filter(({ fqn }) => !cut.has(fqn));
  const again = tables.flatMap((table) => {
    const known = cut.get(table.fqn);
    return known === undefined ? [] : [knowingCut(table, known)];
  });
  return [...others, ...again];
}

/** A table in whose midst a share was spent, for its next try. */
export function knowingCut(table: UnitTable, { remember }: CutTable): UnitTable {
  return {
    ...table,
    wasCut: true,
    // what was asked for is answered
    unchanged: undefined,
    statements: Math.max(table.whole ?? table.statements, remember?.takes ?? 0),
    ...(remember?.suspects === undefined ? {} : { suspects: remember.suspects }),
    ...(remember === undefined ? {} : { splits: remember.splits }),
  };
}
