import { RecordError } from '../errors/index.js';
import {
  buildPatch,
  type EntityKind,
  type EntityReference,
  type OpenMetadataClient,
  type PreparedRequest,
  type RowOutcome,
  type TableConstraint,
} from '../openmetadata/index.js';
import type { SourceTag } from '../sources/index.js';
import type { Catalog, ExistingEntity, StaleScope } from './catalog.js';
import type { PlanReads } from './planning-catalog.js';

/** Entities per page: tables come with their columns, so pages stay small enough to hold. */
const PAGE = 200;
/** OpenMetadata doesn't let other teams own anything. */
const OWNING_TEAM = 'Group';
const TAG_DESCRIPTION = 'Read from the source by ingestion.';

const PARENT = {
  databases: 'service',
  databaseSchemas: 'database',
  tables: 'databaseSchema',
  storedProcedures: 'databaseSchema',
} as const;

export interface RestCatalogOptions {
  readonly client: OpenMetadataClient;
  readonly overrideMetadata: boolean;
  readonly signal: AbortSignal;
}

/** The metadata workflow's catalog over OpenMetadata's REST API. */
export class RestCatalog implements Catalog, PlanReads {
  readonly #client: OpenMetadataClient;
  readonly #overrideMetadata: boolean;
  readonly #signal: AbortSignal;
  readonly #tags = new Set<string>();

  constructor({ client, overrideMetadata, signal }: RestCatalogOptions) {
    this.#client = client;
    this.#overrideMetadata = overrideMetadata;
    this.#signal = signal;
  }

  async put(kind: EntityKind, requests: readonly PreparedRequest[]): Promise<readonly RowOutcome[]> {
    const options = { overrideMetadata: this.#overrideMetadata, signal: this.#signal };
    return (await this.#client.entities(kind).bulkPutPrepared(requests, options)).rows;
  }

  async *existing(kind: EntityKind, parentFqn: string): AsyncIterable<ExistingEntity> {
    const scope = { scopeType: PARENT[kind], scopeFqn: parentFqn };
    for await (const page of this.#client.entities(kind).list(scope, { limit: PAGE, signal: this.#signal })) {
      for (const { name, sourceHash } of page.entities)
        yield { name, ...(sourceHash === undefined ? {} : { sourceHash }) };
    }
  }

  async find(kind: EntityKind, fqn: string): Promise<ExistingEntity | undefined> {
    const found = await this.#client.entities(kind).findByName(fqn, { signal: this.#signal });
    if (found === undefined) return undefined;
    const { name, sourceHash, updatedAt } = found;
    return {
      name,
      ...(sourceHash === undefined ? {} : { sourceHash }),
      ...(updatedAt === undefined ? {} : { updatedAt }),
    };
  }

  async hasTable(tableFqn: string): Promise<boolean> {
    return (await this.#client.entities('tables').findByName(tableFqn, { signal: this.#signal })) !== undefined;
  }

  async columns(tableFqn: string): Promise<readonly string[] | undefined> {
    const found = await this.#client.entities('tables').findByName(tableFqn, { signal: this.#signal });
    return found === undefined ? undefined : (found.columns ?? []).map(({ name }) => name);
  }

  async ensureTag({ classification, tag }: SourceTag): Promise<void> {
    const key = JSON.stringify([classification, tag]);
    if (this.#tags.has(key)) return;
    const options = { signal: this.#signal };
    await this.#client.classifications.put({ name: classification, description: TAG_DESCRIPTION }, options);
    await this.#client.tags.put({ classification, name: tag, description: TAG_DESCRIPTION }, options);
    this.#tags.add(key);
  }

  async findOwner(name: string): Promise<EntityReference | undefined> {
    const options = { signal: this.#signal };
    const { users, teams } = this.#client;
    const names = [...new Set([name, name.toLowerCase()])];
    try {
      for (const each of names) {
        const user = await users.findByName(each, options);
        if (user !== undefined) return { id: user.id, type: 'user' };
      }
      const user = name.includes('@') ? await users.findByEmail(name, options) : undefined;
      if (user !== undefined) return { id: user.id, type: 'user' };
      for (const each of names) {
        const team = await teams.findByName(each, options);
        if (team !== undefined && (team.teamType ?? OWNING_TEAM) === OWNING_TEAM) return { id: team.id, type: 'team' };
      }
    } catch (error) {
      // what can't be part of an FQN isn't anybody's name
      if (!(error instanceof RecordError)) throw error;
    }
    return undefined;
  }

  async addConstraints(
    tableFqn: string,
    constraints: readonly TableConstraint[],
    sourceHash: string | undefined
  ): Promise<boolean> {
    const tables = this.#client.entities('tables');
    const table = await tables.findByName(tableFqn, { fields: ['tableConstraints'], signal: this.#signal });
    if (table === undefined) return false;
    const current = (table.tableConstraints ?? []).map((each) => ({ ...each }));
    const missing = constraints.filter((wanted) => !current.some((each) => sameConstraint(each, wanted)));
    if (missing.length === 0 && sourceHash === undefined) return false;
    const wanted = { tableConstraints: [...current, ...missing], ...(sourceHash === undefined ? {} : { sourceHash }) };
    await tables.patch(
      table.id,
      buildPatch({ ...table, tableConstraints: table.tableConstraints && current }, wanted),
      { signal: this.#signal }
    );
    return true;
  }

  async count({ kind, ...scope }: StaleScope): Promise<number> {
    return this.#client.entities(kind).count(scope, { signal: this.#signal });
  }

  async stale({ kind, ...scope }: StaleScope, seen: readonly string[]): Promise<readonly string[]> {
    const entities = this.#client.entities(kind);
    const rows = await entities.deleteStale({ ...scope, seenFqns: seen, dryRun: true }, { signal: this.#signal });
    if (rows !== undefined) return rows.map((row) => row.fqn);
    return this.#unseen({ kind, ...scope }, seen);
  }

  async markDeleted(kind: EntityKind, fqn: string): Promise<boolean> {
    const entities = this.#client.entities(kind);
    const found = await entities.findByName(fqn, { signal: this.#signal });
    return found !== undefined && (await entities.deleteAsync(found.id, { recursive: true, signal: this.#signal }));
  }

  /** For servers without deleteStale: lists the scope. */
  async #unseen({ kind, ...scope }: StaleScope, seen: readonly string[]): Promise<string[]> {
    const known = new Set(seen);
    const unseen: string[] = [];
    for await (const page of this.#client.entities(kind).list(scope, { limit: PAGE, signal: this.#signal })) {
      for (const { fullyQualifiedName: fqn } of page.entities) if (!known.has(fqn)) unseen.push(fqn);
    }
    return unseen;
  }
}

function sameConstraint(
  left: { constraintType?: string | undefined; columns?: readonly string[]; referredColumns?: readonly string[] },
  right: TableConstraint
): boolean {
  const key = (each: typeof left): string =>
    JSON.stringify([each.constraintType, each.columns ?? [], each.referredColumns ?? []]);
  return key(left) === key(right);
}
