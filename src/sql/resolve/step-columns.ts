import type { ColumnEdge, ColumnSource } from './outputs.js';

function keyOf(table: string, column: string): string {
  return `${table}\u0000${column.toLowerCase()}`;
}

/** What the columns of tables that are steps on the way were filled from, so far. */
export class StepColumns {
  readonly #into = new Map<string, ColumnEdge[]>();

  add(edges: readonly ColumnEdge[]): void {
    for (const edge of edges) {
      if (edge.to.table === undefined) continue;
      const key = keyOf(edge.to.table.key, edge.to.column);
      const known = this.#into.get(key);
      if (known === undefined) this.#into.set(key, [edge]);
      else known.push(edge);
    }
  }

  /** The columns that a column passes on, through steps alone; what was worked out on the way is marked so. */
  origins(
    source: ColumnSource,
    isStep: (table: string) => boolean,
    seen: ReadonlySet<string> = new Set()
  ): readonly ColumnSource[] {
    const { table, column, isComputed } = source;
    if (table === undefined || !isStep(table.key)) return [source];
    const key = keyOf(table.key, column);
    if (seen.has(key)) return [];
    const edges = this.#into.get(key) ?? this.#byStar(source);
    if (edges.length === 0) return [source];
    const more = new Set(seen).add(key);
    const from = edges.flatMap((edge) => this.origins(edge.from, isStep, more));
    return isComputed === true ? from.map((origin) => ({ ...origin, isComputed })) : from;
  }

  /** `t.x` of a table filled by `SELECT * FROM a` is `a.x`. */
  #byStar({ table, column }: ColumnSource): readonly ColumnEdge[] {
    const stars = table === undefined ? [] : (this.#into.get(keyOf(table.key, '*')) ?? []);
    if (stars.length !== 1 || column === '*') return [];
    return stars.map(({ from, to }) => ({ from: { ...from, column }, to: { ...to, column } }));
  }
}
