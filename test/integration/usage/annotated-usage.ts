import type { HeldQuery, HeldUsage } from './held-usage.js';

/** A statement that ran, with what it does as a person reads it: nothing here comes from the product. */
export interface AnnotatedStatement {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly login: string;
  /** As it is stored, with `?` for its literals; absent for what is counted but not stored. */
  readonly stored?: string;
  /** `schema.table`, as everywhere here. */
  readonly read: readonly string[];
  readonly written?: readonly string[];
  /** `schema.table.column = schema.table.column`, the lesser one first. */
  readonly joins?: readonly string[];
  /** What a stored one cost, in the account's currency, and how long it took. */
  readonly cost?: { readonly amount: number; readonly ms: number };
}

export interface Reading {
  /** `service.database` */
  readonly database: string;
  /** OpenMetadata's users by login. */
  readonly users: Readonly<Record<string, string>>;
  /** How a time of a life cycle is shown. */
  readonly shown: (time: number) => string;
}

/** What a catalog has to hold after these ran, all but ranks: added up one by one. */
export function usageOf(
  statements: readonly AnnotatedStatement[],
  { database, users, shown }: Reading
): Omit<HeldUsage, 'ranked'> {
  const counts: Record<string, Record<string, number>> = {};
  const joins: Record<string, number> = {};
  const queries: Record<string, HeldQuery> = {};
  const costs: Record<string, { day: string; amount: number; count: number; ms: number }> = {};
  const lifeCycles: Record<string, Record<string, string>> = {};
  for (const statement of [...statements].sort((one, other) => one.time - other.time)) {
    const { time, login, stored, read, written = [], cost } = statement;
    const day = new Date(time).toISOString().slice(0, 10);
    const tables = union(read, written);
    for (const table of tables) {
      for (const name of [table, table.slice(0, table.indexOf('.')), database]) {
        const days = (counts[name] ??= {});
        days[day] = (days[day] ?? 0) + 1;
      }
      for (const use of ['updated', 'accessed'])
        if ((use === 'updated' ? written : read).includes(table))
          (lifeCycles[table] ??= {})[use] = `${use} ${shown(time)} by ${users[login] ?? login}`;
    }
    for (const join of statement.joins ?? []) joins[`${day} ${join}`] = (joins[`${day} ${join}`] ?? 0) + 1;
    if (stored === undefined) continue;
    const before = queries[stored];
    queries[stored] = {
      text: stored,
      tables: union(before?.tables ?? [], tables),
      users: union(before?.users ?? [], users[login] === undefined ? [] : [users[login]]),
      usedBy: union(before?.usedBy ?? [], [login]),
    };
    if (cost === undefined) continue;
    const sum = (costs[`${day} ${stored}`] ??= { day, amount: 0, count: 0, ms: 0 });
    sum.amount += cost.amount;
    sum.count += 1;
    sum.ms += cost.ms;
  }
  return {
    counts,
    joins: Object.entries(joins)
      .map(([join, count]) => `${join}: ${count}`)
      .sort(),
    queries: Object.values(queries).sort((one, other) => (one.text < other.text ? -1 : 1)),
    costs: Object.values(costs)
      .map(({ day, amount, count, ms }) => `${day} ${amount.toFixed(2)} of ${count} in ${ms} ms`)
      .sort(),
    lifeCycles: Object.fromEntries(
      Object.entries(lifeCycles).map(([table, uses]) => [table, Object.values(uses).sort()])
    ),
  };
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}
