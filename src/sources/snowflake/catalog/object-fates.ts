import type { SchemaRef } from '../../source.js';
import { answers } from './answers.js';
import { quoteIfNeeded, quoteWrittenPath } from './identifiers.js';
import { marks } from './queries.js';
import type { Session, Statement } from '../session/session.js';
import { countWords } from '../../../contract/count-words.js';

/** What account usage keeps about one kind of object, dropped ones included. */
interface Records {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly deleted: string;
  readonly only?: string;
}

/**
 * Where account usage keeps what OpenMetadata knows as a table. Streams have no view, but every object has an owner: no
 * live row of ownership, no object. Objects that aren't tables are left out.
 */
const VIEWS = {
  TABLES: { database: 'TABLE_CATALOG', schema: 'TABLE_SCHEMA', name: 'TABLE_NAME', deleted: 'DELETED' },
  STAGES: { database: 'STAGE_CATALOG', schema: 'STAGE_SCHEMA', name: 'STAGE_NAME', deleted: 'DELETED' },
  SEMANTIC_VIEWS: {
    database: 'SEMANTIC_VIEW_DATABASE_NAME',
    schema: 'SEMANTIC_VIEW_SCHEMA_NAME',
    name: 'SEMANTIC_VIEW_NAME',
    deleted: 'DELETED',
  },
  GRANTS_TO_ROLES: {
    database: 'TABLE_CATALOG',
    schema: 'TABLE_SCHEMA',
    name: 'NAME',
    deleted: 'DELETED_ON',
    only: "PRIVILEGE = 'OWNERSHIP' AND GRANTED_ON NOT IN ('PROCEDURE', 'FUNCTION', 'TASK', 'PIPE', 'SEQUENCE')",
  },
} as const satisfies Record<string, Records>;

type View = keyof typeof VIEWS;
const ALL = Object.keys(VIEWS) as readonly View[];

/** What became of the names in one schema. */
export interface ObjectFates {
  /** Absent for a name that no view knows. */
  readonly byName: ReadonlyMap<string, 'live' | 'dropped'>;
  /** Views that the role may read. */
  readonly readable: ReadonlySet<View>;
  /**
   * Other objects of the schema have live owners, so each of these names would have one too; never so in a database
   * from a share.
   */
  readonly ownersKnown: boolean;
}

/** One statement, or one for each view when the role is refused any of them. */
export async function objectFates(
  session: Session,
  accountUsageSchema: string,
  schema: SchemaRef,
  names: readonly string[]
): Promise<ObjectFates> {
  const byName = new Map<string, 'live' | 'dropped'>();
  const readable = new Set<View>();
  const written = new Map(names.flatMap((name) => [[name, name] as const, [quoteIfNeeded(name), name] as const]));
  let ownersKnown = false;
  const ask = async (views: readonly View[]): Promise<boolean> => {
    const statement = fates(accountUsageSchema, schema, views, [...written.keys()]);
    const rows = await answers(session, () => session.all(statement));
    if (rows === undefined) return false;
    for (const view of views) readable.add(view);
    for (const row of rows) {
      const isLive = (row.optionalNumber('LIVE_ROWS') ?? 0) > 0;
      const found = row.optionalText('NAME');
      const name = found === undefined ? undefined : written.get(found);
      if (found === undefined) ownersKnown ||= isLive;
      else if (name !== undefined && byName.get(name) !== 'live') byName.set(name, isLive ? 'live' : 'dropped');
    }
    return true;
  };
  if (!(await ask(ALL))) for (const view of ALL) await ask([view]);
  return { byName, readable, ownersKnown };
}

function fates(
  accountUsageSchema: string,
  { database, schema }: SchemaRef,
  views: readonly View[],
  names: readonly string[]
): Statement {
  const path = quoteWrittenPath(accountUsageSchema);
  const selects: string[] = [];
  const binds: string[] = [];
  const add = (view: View, select: string, where: string, values: readonly string[], groupBy: string): void => {
    const place: Records = VIEWS[view];
    const only = place.only === undefined ? '' : `${place.only} AND `;
    selects.push(
      `SELECT ${select} AS NAME, SUM(CASE WHEN ${place.deleted} IS NULL THEN 1 ELSE 0 END) AS LIVE_ROWS
FROM ${path}.${view} WHERE ${only}${place.database} = ? AND ${place.schema} = ?${where}${groupBy}`
    );
    binds.push(database, schema, ...values);
  };
  for (const view of views) {
    const { name } = VIEWS[view];
    add(view, name, ` AND ${name} IN (${marks(names)})`, names, ` GROUP BY ${name}`);
    // One row without a name, for all objects of the schema.
    if (view === 'GRANTS_TO_ROLES') add(view, 'NULL', '', [], '');
  }
  return {
    sql: selects.join('\nUNION ALL '),
    binds,
    doing: `asking account usage what became of ${countWords(names.length, 'name', 'names')} of ${database}.${schema}`,
  };
}
