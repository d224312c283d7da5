import { z } from 'zod';
import { openSplit } from '../measures/index.js';
import { profilerConfigRecord } from '../openmetadata/index.js';
import { rememberedTable } from './remembered.js';

/** A table as a unit names it; its plan is made again from the catalog when its turn comes. */
export const unitTable = z.object({
  fqn: z.string(),
  facts: z.object({
    table: z.string(),
    isView: z.boolean(),
    rows: z.exactOptional(z.number()),
    rowsAreExact: z.exactOptional(z.boolean()),
    bytes: z.exactOptional(z.number()),
    createdAt: z.exactOptional(z.number()),
    hidesRows: z.exactOptional(z.literal(true)),
    changed: z.exactOptional(
      z.union([z.object({ time: z.number(), mark: z.exactOptional(z.string()) }), z.object({ mark: z.string() })])
    ),
  }),
  asOf: z.number(),
  /** Statements for its profile if none is refused; of an unchanged table the one that asks for a column. */
  statements: z.number(),
  /** Those for the profile of an unchanged table, if that column is answered. */
  whole: z.number().optional(),
  suspects: z.array(z.string()).optional(),
  /**
   * Nothing changed since this: the table is profiled if the source answers a column by now of which it refused all.
   */
  unchanged: rememberedTable.optional(),
  /** Statements of its measuring that were split, and that aren't settled. */
  splits: z.array(openSplit).optional(),
  /** Its measuring was cut short last time. */
  wasCut: z.literal(true).optional(),
  /** Where the window of all tables' system profiles begins, which is read at once. */
  changesFrom: z.number().optional(),
  /** Where its own begins; absent in units of earlier releases: with that of all. */
  changesSince: z.number().optional(),
  /** Of its last profile; undefined when there is none. */
  lastProfile: z.number().optional(),
  /** What the server stores for profiling its database and its schema. */
  database: profilerConfigRecord.optional(),
  container: profilerConfigRecord.optional(),
});

export type UnitTable = z.infer<typeof unitTable>;

export interface ListedTable extends UnitTable {
  readonly schema: string;
  /** When its measuring was cut short, if it was. */
  readonly cutAt?: number;
  /** Its system profile is asked for. */
  readonly asksChanges?: true;
  /** Reads in the last week, as OpenMetadata counts them. */
  readonly use: number;
}

/** Most tables in a unit, as a retry has to look through them. */
const MOST_TABLES = 50;
/** Fewest in a unit, if there are that many, for the same reason as the fewest rows. */
const LEAST_TABLES = 2;
/** Fewest rows in a unit, if there are that many: one activity per small table would cost more than the table. */
const LEAST_ROWS = 100_000;

/**
 * Divides tables into units of one schema each, by estimated rows, so that lanes end at about the same time, and so
 * that small tables too, which may take their time, are work for each lane.
 * @param byAge true when some may not get their turn: those without a profile or with the oldest come first, of these
 * what was not begun, and then the most used
 */
export function planUnits(tables: readonly ListedTable[], lanes: number, byAge: boolean): ListedTable[][] {
  const sizeOf = sizesOf(tables);
  const ordered = [...tables].sort(
    byAge ? oldestFirst : (left, right) => sizeOf(right) - sizeOf(left) || compare(left.fqn, right.fqn)
  );
  const rows = ordered.reduce((sum, table) => sum + sizeOf(table), 0);
  const target = Math.max(LEAST_ROWS, rows / (4 * lanes));
  const [each, over] = [Math.floor(tables.length / lanes), tables.length % lanes];
  /** In the unit that was begun as the `at`th. */
  const most = (at: number): number => Math.min(MOST_TABLES, Math.max(LEAST_TABLES, at < over ? each + 1 : each));
  const open = new Map<string, { tables: ListedTable[]; rows: number; most: number }>();
  const units: ListedTable[][] = [];
  for (const table of ordered) {
    const unit = open.get(table.schema);
    if (unit === undefined || unit.tables.length >= unit.most || unit.rows + sizeOf(table) > target) {
      const begun = { tables: [table], rows: sizeOf(table), most: most(units.length) };
      open.set(table.schema, begun);
      units.push(begun.tables);
    } else {
      unit.tables.push(table);
      unit.rows += sizeOf(table);
    }
  }
  return units;
}

/** Views, whose sizes nobody knows, count as much as the largest table; other unknown ones as a few thousand rows. */
function sizesOf(tables: readonly ListedTable[]): (table: ListedTable) => number {
  const largest = tables.reduce((most, { facts }) => Math.max(most, facts.rows ?? 0), LEAST_ROWS);
  return ({ facts }) => (facts.rows ?? (facts.isView ? largest : 5_000)) + 1_000;
}

function oldestFirst(left: ListedTable, right: ListedTable): number {
  return (
    (left.lastProfile ?? 0) - (right.lastProfile ?? 0) ||
    (left.cutAt ?? 0) - (right.cutAt ?? 0) ||
    right.use - left.use ||
    compare(left.fqn, right.fqn)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
