import Database from 'libsql';
import { z } from 'zod';

/** What a local catalog holds of usage, by the names of tables without service and database. */
export interface HeldUsage {
  /** Of tables, schemas and databases, by date. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By date, both columns in the order of their names. */
  readonly joins: readonly string[];
  readonly queries: readonly HeldQuery[];
  readonly costs: readonly string[];
  /** Of tables, as far as somebody did it: `accessed 2026-11-27T10:00:00.000Z by jane`. */
  readonly lifeCycles: Readonly<Record<string, readonly string[]>>;
  /** Entities that have a rank above 0, with the date. */
  readonly ranked: readonly string[];
}

export interface HeldQuery {
  readonly text: string;
  readonly tables: readonly string[];
  /** Users of OpenMetadata. */
  readonly users: readonly string[];
  /** Logins. */
  readonly usedBy: readonly string[];
}

const text = z.string();
const count = z.object({ fqn: text, date: text, daily: z.number(), rank: z.number() });
const join = z.object({ one: text, other: text, date: text, count: z.number() });
const document = z.object({ fqn: text, document: text });
const query = z.object({
  query: text,
  users: z.array(z.object({ name: text })).default([]),
  usedBy: z.array(text).default([]),
  queryUsedIn: z.array(z.object({ fullyQualifiedName: text })).default([]),
});
const details = z.object({
  timestamp: z.number(),
  accessedBy: z.object({ id: text }).optional(),
  accessedByAProcess: text.optional(),
});
const table = z.object({
  lifeCycle: z
    .object({ created: details.optional(), updated: details.optional(), accessed: details.optional() })
    .optional(),
});
const user = z.object({ id: text, fqn: text });
const cost = z.object({ cost: z.number(), count: z.number(), timestamp: z.number(), totalDuration: z.number() });

/** @param file of the catalog */
export function heldUsage(file: string): HeldUsage {
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 5000');
    const documents = (type: string): { readonly fqn: string; readonly value: unknown }[] =>
      z
        .array(document)
        .parse(database.prepare('SELECT fqn, document FROM entities WHERE type = ?').all([type]))
        .map((row) => ({ fqn: row.fqn, value: JSON.parse(row.document) as unknown }));
    const users = new Map(
      z
        .array(user)
        .parse(database.prepare("SELECT id, fqn FROM entities WHERE type = 'user'").all())
        .map(({ id, fqn }) => [id, fqn])
    );
    const rows = z
      .array(count)
      .parse(
        database
          .prepare(
            'SELECT fqn, date, daily, daily_rank AS rank FROM entity_usage JOIN entities ON id = entity_id ORDER BY fqn, date'
          )
          .all()
      );
    const counts: Record<string, Record<string, number>> = {};
    for (const { fqn, date, daily } of rows) (counts[short(fqn)] ??= {})[date] = daily;
    const joins = z
      .array(join)
      .parse(
        database
          .prepare('SELECT first_fqn AS one, second_fqn AS other, date, count FROM column_joins ORDER BY 3, 1, 2')
          .all()
      );
    const costs = z.array(z.object({ record: text })).parse(database.prepare('SELECT record FROM query_costs').all());
    return {
      counts,
      joins: joins.map((each) => `${each.date} ${short(each.one)} = ${short(each.other)}: ${each.count}`),
      queries: documents('query')
        .map(({ value }) => query.parse(value))
        .map((each) => ({
          text: each.query,
          tables: each.queryUsedIn.map(({ fullyQualifiedName }) => short(fullyQualifiedName)).sort(),
          users: each.users.map(({ name }) => name).sort(),
          usedBy: [...each.usedBy].sort(),
        }))
        .sort((left, right) => (left.text < right.text ? -1 : 1)),
      costs: costs
        .map(({ record }) => cost.parse(JSON.parse(record)))
        .map((each) => `${dateOf(each.timestamp)} ${each.cost.toFixed(2)} of ${each.count} in ${each.totalDuration} ms`)
        .sort(),
      lifeCycles: Object.fromEntries(
        documents('table').flatMap(({ fqn, value }) => {
          const { lifeCycle = {} } = table.parse(value);
          const moments = Object.entries(lifeCycle).flatMap(([use, at]) => {
            if (at === undefined || (at.accessedBy ?? at.accessedByAProcess) === undefined) return [];
            const by = at.accessedByAProcess ?? users.get(at.accessedBy?.id ?? '');
            return [`${use} ${new Date(at.timestamp).toISOString()}${by === undefined ? '' : ` by ${by}`}`];
          });
          return moments.length === 0 ? [] : [[short(fqn), moments.sort()]];
        })
      ),
      ranked: rows.filter(({ rank }) => rank > 0).map(({ fqn, date }) => `${short(fqn)} ${date}`),
    };
  } finally {
    database.close();
  }
}

/** Without service and database; those two by their own names. */
function short(fqn: string): string {
  const parts = fqn.split('.');
  return parts.length <= 2 ? fqn : parts.slice(2).join('.');
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
