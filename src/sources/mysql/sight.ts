import type { Doubt, ScopeRef, ScopeRights, SourceEntity } from '../source.js';
import { missingRoutineRight, onSchema, ON_EVERYTHING } from './check-grants.js';
import { allows, grantsByScope, hasTableGrants, quoteAccount, schemaPrivileges, tablePrivileges } from './grants.js';
import type { Grants } from './grants.js';
import type { ServerVersion } from './server-version.js';

/**
 * Of names that aren't listed, those that this user would not see if they existed. Rights outlive what they are granted
 * on, so a right that exists now proves that what it would show is gone.
 */
export function mysqlDoubts(
  version: ServerVersion,
  grants: Grants,
  { schema }: ScopeRef,
  entity: SourceEntity,
  names: readonly string[]
): Doubt[] {
  return names.flatMap((name) => {
    const missing = missingRight(version, grants, entity, schema ?? name, name);
    if (missing === undefined) return [];
    const reason = `Not granted: ${missing}. Mend it by GRANT ${missing} TO ${quoteAccount(grants.account)};`;
    return [{ name, kind: 'hidden' as const, reason }];
  });
}

/** `privilege ON level` that would show the entity. */
function missingRight(
  version: ServerVersion,
  grants: Grants,
  entity: SourceEntity,
  schema: string,
  name: string
): string | undefined {
  switch (entity) {
    case 'database':
      return undefined;
    case 'schema':
      return seesSchema(grants, schema) ? undefined : `SELECT ON ${onSchema(schema)}`;
    case 'table':
      return allows(tablePrivileges(grants, schema, name), 'SELECT') ? undefined : `SELECT ON ${onSchema(schema)}`;
    case 'procedure': {
      const privileges = schemaPrivileges(grants, schema);
      if (allows(privileges, 'EXECUTE') || allows(privileges, 'ALTER ROUTINE')) return undefined;
      return missingRoutineRight(version, grants, [schema]);
    }
  }
}

export function seesSchema(grants: Grants, schema: string): boolean {
  if (allows(schemaPrivileges(grants, undefined), 'SHOW DATABASES')) return true;
  return allows(schemaPrivileges(grants, schema), 'SELECT') || hasTableGrants(grants, schema);
}

/** What a run remembers: rights on everything, then those of each schema that is named in a GRANT. */
export function mysqlRights(grants: Grants, database: string): ScopeRights[] {
  return [...grantsByScope(grants)].map(([level, rights]) => ({
    ...(level === ON_EVERYTHING ? { database } : { database, schema: level }),
    rights: [...rights].sort(),
  }));
}
