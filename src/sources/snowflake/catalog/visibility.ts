import { createHash } from 'node:crypto';
import { IngestionError } from '../../../errors/index.js';
import type { ScopeRef, ScopeRights } from '../../source.js';
import type { Identity } from '../session/connection.js';
import { grantsTo } from './queries.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';

/** How many roles of a hierarchy are looked at; beyond that a change goes unnoticed. */
const MOST_ROLES = 50;
/** Roles that see everything, whatever is granted to them. */
const SEE_ALL = new Set(['ACCOUNTADMIN', 'SECURITYADMIN']);

/** What the session's role, and the roles granted to it, may see. */
export interface Sight {
  /** A hash that changes when any right does. */
  readonly fingerprint: string;
  /** True: the role sees everything in the account. */
  readonly seesAll: boolean;
  /** Rights by scope; undefined when the grants of a role can't be listed. */
  readonly rights: readonly ScopeRights[] | undefined;
}

/**
 * One SHOW GRANTS per role. Grants on single tables count by schema and kind, not by name: a dropped table takes its
 * grant with it, and that must not look like a lost right. `rights` reports a refused listing; the run continues and
 * deletes nothing.
 */
export async function readSight(session: Session, { role }: Identity): Promise<Sight> {
  const hash = createHash('sha256').update(role);
  const scopes = new Scopes();
  const seen = new Set([role]);
  const waiting = [role];
  let seesAll = SEE_ALL.has(role);
  let refused = false;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const grants = new Set<string>();
    const rows = await grantsOf(session, next);
    refused ||= rows === undefined;
    for (const row of rows ?? []) {
      const grant = toGrant(row);
      grants.add(`${grant.privilege} ${grant.kind} ${grant.place}`);
      scopes.add(grant);
      seesAll ||= grant.kind === 'ACCOUNT' && grant.privilege === 'MANAGE GRANTS';
      const granted = grant.kind === 'ROLE' ? grant.place : undefined;
      if (granted === undefined || seen.has(granted) || seen.size >= MOST_ROLES) continue;
      seen.add(granted);
      seesAll ||= SEE_ALL.has(granted);
      waiting.push(granted);
    }
    for (const grant of [...grants].sort()) hash.update(`\n${next} ${grant}`);
  }
  const fingerprint = hash.digest('hex').slice(0, 32);
  return { fingerprint, seesAll, rights: refused ? undefined : scopes.rights() };
}

async function grantsOf(session: Session, role: string): Promise<Row[] | undefined> {
  const rows: Row[] = [];
  try {
    for await (const row of session.stream(grantsTo(role))) rows.push(row);
    return rows;
  } catch (error) {
    if (!(error instanceof IngestionError) || error.consequence !== 'permanent') throw error;
    session.context.onWarning(
      `The grants of role ${role} cannot be listed: a lost grant would not be noticed, so nothing is marked deleted. ${error.describe()}`
    );
    return undefined;
  }
}

interface Grant {
  readonly privilege: string;
  /** `TABLE`, `SCHEMA`, … */
  readonly kind: string;
  /** For a database, schema or role, its own name; for what is in a schema, the schema's. */
  readonly place: string;
  readonly database: string | undefined;
  readonly schema: string | undefined;
}

/** What decides which scopes are seen; grants on anything else are kept by schema. */
const WHOLE = new Set(['ACCOUNT', 'DATABASE', 'SCHEMA', 'ROLE', 'DATABASE_ROLE']);
/** Not in a database. */
const APART = new Set(['ACCOUNT', 'ROLE', 'WAREHOUSE', 'INTEGRATION', 'USER', 'RESOURCE_MONITOR']);

function toGrant(row: Row): Grant {
  const kind = row.optionalText('granted_on') ?? '';
  const name = row.optionalText('name') ?? '';
  const privilege = row.optionalText('privilege') ?? '';
  // `DB.SCHEMA."Table"` or `DB.SCHEMA."F(NUMBER)":…`
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  const place = WHOLE.has(kind) ? name : parts.slice(0, 2).join('.');
  const [database, schema] = APART.has(kind) ? [] : parts.map(bare);
  return { privilege, kind, place, database, schema };
}

function bare(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

/**
 * Rights by the scope in which they make something visible: a right on a schema shows the schema in its database, and
 * what is in the schema.
 */
class Scopes {
  readonly #scopes = new Map<string, { readonly ref: ScopeRef; readonly rights: Set<string> }>();
  readonly #ofDatabase = new Map<string, Set<string>>();

  add({ privilege, kind, database, schema }: Grant): void {
    if (database === undefined) return;
    const right = `${privilege} ${kind}`;
    if (schema === undefined || kind === 'DATABASE') {
      this.#add({}, `${right} ${database}`);
      this.#add({ database }, right);
      this.#ofDatabase.set(database, (this.#ofDatabase.get(database) ?? new Set()).add(right));
    } else {
      if (kind === 'SCHEMA') this.#add({ database }, `${right} ${schema}`);
      this.#add({ database, schema }, right);
    }
  }

  rights(): ScopeRights[] {
    return [...this.#scopes.values()].map(({ ref, rights }) => {
      const above = ref.schema === undefined ? [] : (this.#ofDatabase.get(ref.database ?? '') ?? []);
      return { ...ref, rights: [...new Set([...rights, ...above])].sort() };
    });
  }

  #add(ref: ScopeRef, right: string): void {
    const key = JSON.stringify([ref.database, ref.schema]);
    const scope = this.#scopes.get(key) ?? { ref, rights: new Set<string>() };
    scope.rights.add(right);
    this.#scopes.set(key, scope);
  }
}
