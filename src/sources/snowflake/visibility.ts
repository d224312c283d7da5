import { createHash } from 'node:crypto';
import type { Identity } from './connection.js';
import { isNotAuthorized } from './errors.js';
import { grantsTo } from './queries.js';
import type { Row } from './row.js';
import type { Session } from './session.js';

/** Roles of a hierarchy that are looked at; beyond them a change goes unnoticed. */
const MOST_ROLES = 50;
/** What decides which scopes are seen; grants on anything else are kept by schema, see below. */
const SCOPES = new Set(['ACCOUNT', 'DATABASE', 'SCHEMA', 'ROLE', 'DATABASE_ROLE']);

/**
 * A hash of what the session's role, and the roles granted to it, may see: one SHOW GRANTS a role.
 * Grants on single tables count by schema and kind, not by name: a dropped table takes its grant along, and must not look like a lost right.
 */
export async function visibilityOf(session: Session, { role }: Identity): Promise<string> {
  const hash = createHash('sha256').update(role);
  const seen = new Set([role]);
  const waiting = [role];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const grants = new Set<string>();
    for (const row of await grantsOf(session, next)) {
      grants.add(grantKey(row));
      const granted = row.optionalText('granted_on') === 'ROLE' ? row.optionalText('name') : undefined;
      if (granted === undefined || seen.has(granted) || seen.size >= MOST_ROLES) continue;
      seen.add(granted);
      waiting.push(granted);
    }
    for (const grant of [...grants].sort()) hash.update(`\n${next} ${grant}`);
  }
  return hash.digest('hex').slice(0, 32);
}

async function grantsOf(session: Session, role: string): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    for await (const row of session.stream(grantsTo(role))) rows.push(row);
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    session.context.onWarning(
      `The grants of role ${role} cannot be listed: a grant lost during the run would not be noticed.`
    );
  }
  return rows;
}

function grantKey(row: Row): string {
  const kind = row.optionalText('granted_on') ?? '';
  const name = row.optionalText('name') ?? '';
  const place = SCOPES.has(kind) ? name : schemaPart(name);
  return `${row.optionalText('privilege') ?? ''} ${kind} ${place}`;
}

/** `DB.SCHEMA` of `DB.SCHEMA."Table"` or `DB.SCHEMA."F(NUMBER)":…`. */
function schemaPart(name: string): string {
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  return parts.slice(0, 2).join('.');
}
