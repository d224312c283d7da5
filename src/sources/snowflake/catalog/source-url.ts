import type { TableType } from '../../../openmetadata/index.js';
import type { Identity } from '../session/connection.js';

/** What Snowsight calls kinds of objects in its addresses. */
const KINDS: Partial<Record<TableType, string>> = {
  View: 'view',
  MaterializedView: 'materialized-view',
  Dynamic: 'dynamic-table',
  External: 'external-table',
  Stream: 'stream',
  Stage: 'stage',
  SemanticView: 'semantic-view',
};

export interface UrlPlace {
  readonly database: string;
  readonly schema?: string;
  /** An object of the schema; needs `kind`. */
  readonly name?: string;
  /** Kind of the object in the address. */
  readonly kind?: string;
}

/** Makes addresses in Snowsight; all undefined when Snowflake does not say which organization and account this is. */
export function sourceUrls(host: string, { organization, account }: Identity): (place: UrlPlace) => string | undefined {
  if (organization === undefined || account === undefined) return () => undefined;
  const root = `https://${host}/${organization}/${account}/#/data/databases`;
  return ({ database, schema, name, kind }) => {
    const parts = [
      database,
      ...(schema === undefined ? [] : ['schemas', schema]),
      ...(name === undefined || kind === undefined ? [] : [kind, name]),
    ];
    return [root, ...parts.map(encodeURIComponent)].join('/');
  };
}

export function urlKind(type: TableType): string {
  return KINDS[type] ?? 'table';
}
