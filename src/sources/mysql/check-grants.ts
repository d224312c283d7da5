import type { CheckResult } from '../source.js';
import { allows, hasTableGrants, quoteAccount, schemaPrivileges, tablePrivileges, type Grants } from './grants.js';
import { quoteIdentifier } from './quoted-name.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import { countWords } from '../../contract/count-words.js';

/** Schemas with their own line; the rest share one. */
const MOST_LINES = 10;

export const ON_EVERYTHING = '*.*';

/** Of no name: only a right on everything is one on this. */
export const EVERY_SCHEMA: readonly string[] = [''];

/** The level of a GRANT on all of a schema, where `_` and `%` would be wildcards. */
export function onSchema(schema: string): string {
  return `${quoteIdentifier(schema.replace(/[\\%_]/g, (mark) => `\\${mark}`))}.*`;
}

/** Checks one privilege on each schema: a line for each schema that lacks it, with its GRANT. */
export function* checkPrivileges(
  grants: Grants,
  schemas: readonly string[],
  privilege: 'SELECT' | 'SHOW VIEW',
  consequence: string
): Generator<CheckResult> {
  const lacking = schemas.filter((schema) => !allows(schemaPrivileges(grants, schema), privilege));
  if (lacking.length === 0) {
    yield { name: privilege, passed: true, mandatory: false, message: 'granted' };
    return;
  }
  const remedy = (level: string): string => `GRANT ${privilege} ON ${level} TO ${quoteAccount(grants.account)};`;
  const failed = { name: privilege, passed: false, mandatory: false, right: true } as const;
  for (const schema of lacking.slice(0, MOST_LINES)) {
    const partly = hasTableGrants(grants, schema) ? ' (there are rights on single tables or columns only)' : '';
    const message = `not granted on ${schema}${partly}: ${consequence}`;
    yield { ...failed, message, remedy: remedy(onSchema(schema)) };
  }
  const more = lacking.length - MOST_LINES;
  if (more > 0)
    yield {
      ...failed,
      message: `nor on ${countWords(more, 'more schema', 'more schemas')}`,
      remedy: remedy(ON_EVERYTHING),
    };
}

/** The right to see other users' procedures and their bodies differs from server to server. */
export function* checkRoutines(
  version: ServerVersion,
  grants: Grants,
  schemas: readonly string[]
): Generator<CheckResult> {
  const base = { name: 'routine bodies', mandatory: false } as const;
  const grant = (what: string): string => `GRANT ${what} TO ${quoteAccount(grants.account)};`;
  const message = 'procedures and functions of other users, or their bodies, are hidden';
  const remedy = missingRoutineRight(version, grants, schemas);
  if (remedy === undefined) yield { ...base, passed: true, message: 'visible' };
  else yield { ...base, passed: false, message, remedy: grant(remedy), right: true };
}

/** `privilege ON level` of the GRANT that shows all routines of other users. */
export function routineRight(version: ServerVersion): string {
  if (version.flavour === 'MySQL' && isAtLeast(version, 8, 0))
    return isAtLeast(version, 8, 0, 20) ? 'SHOW_ROUTINE ON *.*' : 'SELECT ON *.*';
  const bySchema = version.flavour === 'MariaDB' && isAtLeast(version, 11, 3);
  return bySchema ? `SHOW CREATE ROUTINE ON ${ON_EVERYTHING}` : 'SELECT ON `mysql`.`proc`';
}

/** The same, if it is missing, and of few schemas where that is enough. */
export function missingRoutineRight(
  version: ServerVersion,
  grants: Grants,
  schemas: readonly string[]
): string | undefined {
  if (version.flavour === 'MySQL' && isAtLeast(version, 8, 0)) {
    const global = schemaPrivileges(grants, undefined);
    if (allows(global, 'SELECT') || allows(global, 'SHOW_ROUTINE')) return undefined;
    return routineRight(version);
  }
  if (allows(tablePrivileges(grants, 'mysql', 'proc'), 'SELECT')) return undefined;
  const bySchema = version.flavour === 'MariaDB' && isAtLeast(version, 11, 3);
  if (!bySchema) return routineRight(version);
  const lacking = schemas.filter((schema) => !allows(schemaPrivileges(grants, schema), 'SHOW CREATE ROUTINE'));
  const [first] = lacking;
  if (first === undefined) return undefined;
  return `SHOW CREATE ROUTINE ON ${lacking.length === 1 && first !== '' ? onSchema(first) : ON_EVERYTHING}`;
}

/**
 * A role that is granted but not active gives nothing: a common trap. Roles that the user only administers don't count.
 */
export function inactiveRoles(version: ServerVersion, grants: Grants): CheckResult | undefined {
  if (grants.activeRoles.length > 0) return undefined;
  const roles = grants.statements
    .filter((statement) => !statement.includes(' WITH ADMIN OPTION'))
    .flatMap((statement) => /^GRANT (`(?:[^`]|``)+`(?:@`[^`]*`)?) TO /.exec(statement)?.[1] ?? []);
  if (roles.length === 0) return undefined;
  const account = quoteAccount(grants.account);
  const remedy =
    version.flavour === 'MariaDB'
      ? `SET DEFAULT ROLE ${roles[0] ?? ''} FOR ${account};`
      : `ALTER USER ${account} DEFAULT ROLE ALL;`;
  const message = `${roles.join(', ')} granted, but not active when this user logs in`;
  return { name: 'roles', passed: false, mandatory: false, message, remedy, right: true };
}
