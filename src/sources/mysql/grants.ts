import { fitsLike } from '../../filters/index.js';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { quoteIdentifier } from './quoted-name.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import type { MysqlSession } from './session.js';

const grantRow = z.record(z.string(), z.string()).transform((row) => Object.values(row)[0] ?? '');

/** What this user may do, according to the server. */
export interface Grants {
  /** `name@host` as the server matched it. */
  readonly account: string;
  /** Roles that are on in this session. */
  readonly activeRoles: readonly string[];
  /** GRANT statements of the user and the active roles, passwords removed. */
  readonly statements: readonly string[];
}

const userRow = z.object({ account: z.string(), role: z.string().nullable() });

export async function readGrants(session: MysqlSession): Promise<Grants> {
  const role = hasRoles(session.version) ? 'CURRENT_ROLE()' : 'NULL';
  const [user] = await session.query({
    sql: `SELECT CURRENT_USER() AS account, ${role} AS role`,
    values: [],
    row: userRow,
  });
  const statements = await session.query({ sql: 'SHOW GRANTS', values: [], row: grantRow });
  const activeRoles = splitRoles(session.version, user?.role ?? 'NONE');
  if (session.version.flavour === 'MySQL' && activeRoles.length > 0) {
    const sql = `SHOW GRANTS FOR CURRENT_USER() USING ${activeRoles.join(', ')}`;
    statements.push(...(await session.query({ sql, values: [], row: grantRow })));
  }
  return {
    account: user?.account ?? '',
    activeRoles,
    statements: [...new Set(statements.map(withoutPassword))].sort(),
  };
}

function hasRoles(version: ServerVersion): boolean {
  return version.flavour === 'MariaDB' || isAtLeast(version, 8, 0);
}

/**
 * MariaDB has one active role (SHOW GRANTS lists what it and the roles in it may do); MySQL 8 has a list, quoted as it
 * is.
 */
function splitRoles(version: ServerVersion, role: string): string[] {
  if (role === 'NONE' || role === '') return [];
  return version.flavour === 'MySQL' ? role.split(/,(?=`)/) : [role];
}

/** A string that changes with the grants and roles and reveals nothing about them. */
export function fingerprint(grants: Grants): string {
  return createHash('sha256')
    .update(JSON.stringify([grants.account, [...grants.activeRoles].sort(), grants.statements]))
    .digest('hex')
    .slice(0, 32);
}

/**
 * Privileges (upper case) on everything in `schema`, from the global and the schema level; without a schema only the
 * global ones.
 */
export function schemaPrivileges(grants: Grants, schema: string | undefined): Set<string> {
  return collect(grants, (level) => level === '*.*' || (schema !== undefined && matchesSchema(level, schema)));
}

/** Privileges on one table, from its own level and those above; column grants don't count. */
export function tablePrivileges(grants: Grants, schema: string, table: string): Set<string> {
  const own = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return collect(grants, (level) => level === '*.*' || level === own || matchesSchema(level, schema));
}

/** True when the user has rights on single tables or columns of `schema`. */
export function hasTableGrants(grants: Grants, schema: string): boolean {
  return grants.statements.some((statement) => {
    const level = parseGrant(statement)?.level ?? '';
    return level.startsWith(`${quoteIdentifier(schema)}.`) && !level.endsWith('.*');
  });
}

/** ALL PRIVILEGES contains every other. */
export function allows(privileges: ReadonlySet<string>, privilege: string): boolean {
  return privileges.has(privilege) || privileges.has('ALL PRIVILEGES') || privileges.has('ALL');
}

/** The account as GRANT wants it: `'name'@'host'`. */
export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  const quote = (part: string): string => `'${part.replaceAll("'", "''")}'`;
  return at < 0 ? quote(account) : `${quote(account.slice(0, at))}@${quote(account.slice(at + 1))}`;
}

function collect(grants: Grants, applies: (level: string) => boolean): Set<string> {
  const privileges = new Set<string>();
  const revoked = new Set<string>();
  /** By grantee, those on schemas by their patterns. */
  const ofSchemas = new Map<Grantee, Map<string, Set<string>>>();
  for (const statement of grants.statements) {
    const grant = parseGrant(statement);
    if (grant === undefined || !applies(grant.level)) continue;
    let to = grant.revokes ? revoked : privileges;
    const pattern = schemaPattern(grant.level);
    if (pattern !== undefined && !grant.revokes) {
      const patterns = ofSchemas.get(grant.grantee) ?? new Map<string, Set<string>>();
      ofSchemas.set(grant.grantee, patterns);
      to = patterns.get(pattern) ?? new Set();
      patterns.set(pattern, to);
    }
    for (const privilege of grant.privileges) to.add(privilege);
  }
  for (const patterns of ofSchemas.values()) for (const privilege of narrowest(patterns)) privileges.add(privilege);
  // MySQL 8 lists what a global right doesn't cover as REVOKE; with ALL, nothing tells what is left, so it counts as
  // nothing
  if (revoked.size > 0) for (const privilege of ['ALL', 'ALL PRIVILEGES', ...revoked]) privileges.delete(privilege);
  return privileges;
}

/**
 * Of the schema rights that match a name, a server considers only those with the narrowest pattern: EXECUTE on
 * `shop` hides SELECT on `sho%`. Of two that are equally narrow, only what both give is certain.
 * @see https://dev.mysql.com/doc/refman/8.4/en/request-access.html
 */
function narrowest(patterns: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const most = Math.max(...[...patterns.keys()].map(narrowness));
  const [first = new Set<string>(), ...others] = [...patterns]
    .filter(([pattern]) => narrowness(pattern) === most)
    .map(([, privileges]) => privileges);
  return [...first].filter((privilege) => others.every((each) => allows(each, privilege)));
}

/** Characters before the first `%` or `_` that has no backslash before it. */
function narrowness(pattern: string): number {
  const at = /^(?:\\.|[^%_\\])*/s.exec(pattern)?.[0].length ?? 0;
  return at === pattern.length ? Infinity : at;
}

/**
 * Every level that a GRANT names, with its rights: a schema by its pattern; those on single tables without the tables'
 * names.
 */
export function grantsByScope(grants: Grants): Map<string, Set<string>> {
  const scopes = new Map<string, Set<string>>();
  for (const statement of grants.statements) {
    const grant = parseGrant(statement);
    if (grant === undefined) continue;
    const schema = /^`((?:[^`]|``)*)`\.(.*)$/s.exec(grant.level);
    const scope = schema?.[1] ?? grant.level;
    const kind = schema === null || schema[2] === '*' ? '' : ' TABLE';
    const rights = scopes.get(scope) ?? new Set();
    for (const privilege of grant.privileges) rights.add(`${grant.revokes ? 'NOT ' : ''}${privilege}${kind}`);
    scopes.set(scope, rights);
  }
  return scopes;
}

/** What is looked up by itself; the rights of a MariaDB role and of the roles in it are one. */
type Grantee = 'user' | 'role' | 'public';

interface ParsedGrant {
  readonly grantee: Grantee;
  readonly privileges: readonly string[];
  /** `*.*`, `` `schema`.* `` or `` `schema`.`table` ``. */
  readonly level: string;
  /** A partial revoke: the statement removes these from what is granted on everything. */
  readonly revokes: boolean;
}

const GRANT =
  /^(GRANT|REVOKE) (.+?) ON (?:TABLE )?(\*\.\*|`(?:[^`]|``)*`\.(?:\*|`(?:[^`]|``)*`)) (?:TO|FROM) (PUBLIC|(?:`(?:[^`]|``)*`|'(?:[^']|'')*')(@)?)?/s;

/** Undefined for role and proxy grants and for those on routines. */
function parseGrant(statement: string): ParsedGrant | undefined {
  const match = GRANT.exec(statement);
  if (match?.[2] === undefined || match[3] === undefined) return undefined;
  // column grants, `SELECT (a, b)`, aren't rights on the table
  const privileges = match[2].replace(/[A-Z ]+\([^)]*\)/g, '').split(',');
  return {
    grantee: match[4] === 'PUBLIC' ? 'public' : match[5] === undefined ? 'role' : 'user',
    privileges: privileges.map((each) => each.trim().toUpperCase()).filter((each) => each !== ''),
    level: match[3],
    revokes: match[1] === 'REVOKE',
  };
}

/** The schema in a grant is a LIKE pattern: `%`, `_`, and a backslash before either. */
function matchesSchema(level: string, schema: string): boolean {
  const pattern = schemaPattern(level);
  return pattern !== undefined && fitsLike(schema, pattern, { escapes: true });
}

function schemaPattern(level: string): string | undefined {
  return /^`((?:[^`]|``)*)`\.\*$/.exec(level)?.[1]?.replaceAll('``', '`');
}

/** MariaDB shows the hash of the password; it isn't a right, and none of our business. */
function withoutPassword(statement: string): string {
  return statement.replace(/ IDENTIFIED (?:BY PASSWORD|VIA|WITH) .*?(?= WITH | REQUIRE |$)/s, '');
}
