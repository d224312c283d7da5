import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { EntityKind } from '../entities/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';
import { ENTITY_SCHEMAS, type EntityRecords } from './entity-records.js';
import { isBelow, isListParameter, type EntityScope } from './entity-scope.js';

export interface ListOptions extends CallOptions {
  /** Extra fields, e.g. `['tags']`; without them the server returns what it stores in the entity itself. */
  readonly fields?: readonly string[];
  /** Entities per page, 1 to 1,000,000. Default 500. */
  readonly limit?: number;
  /** Cursor of an earlier page, to continue after it. */
  readonly after?: string;
  readonly include?: 'non-deleted' | 'deleted' | 'all';
}

export interface EntityPage<T> {
  readonly entities: readonly T[];
  /** Cursor of the next page; absent on the last one. */
  readonly after?: string;
  /** In the whole list, as the server counts. */
  readonly total: number;
}

const paging = z.object({ total: z.number(), after: maybe(z.string()) });
const counted = z.object({ paging });

/** Created once: zod compiles a model when it is first used, which costs more than reading a page. */
const PAGES: { readonly [K in EntityKind]: z.ZodType<Page<EntityRecords[K]>> } = {
  databases: pageOf(ENTITY_SCHEMAS.databases),
  databaseSchemas: pageOf(ENTITY_SCHEMAS.databaseSchemas),
  tables: pageOf(ENTITY_SCHEMAS.tables),
  storedProcedures: pageOf(ENTITY_SCHEMAS.storedProcedures),
};

interface Page<R> {
  readonly data: R[];
  readonly paging: z.infer<typeof paging>;
}

function pageOf<R>(entity: z.ZodType<R>): z.ZodType<Page<R>> {
  return z.object({ data: z.array(entity), paging });
}

/**
 * Pages of one collection below a scope, in the server's order. Ends only when the server says that there is no further
 * page; a page that can't be read throws, so a list that reaches its end is complete.
 */
export async function* listEntities<K extends EntityKind>(
  transport: Transport,
  kind: K,
  scope: EntityScope,
  { fields, limit = 500, after, include, signal }: ListOptions = {}
): AsyncGenerator<EntityPage<EntityRecords[K]>, void, undefined> {
  const call = `GET /v1/${kind}`;
  const inScope = isBelow(scope.scopeFqn);
  let cursor = after;
  do {
    const query = { [scope.scopeType]: scope.scopeFqn, fields: fields?.join(','), limit, include, after: cursor };
    const { body } = await transport.request('GET', `/${kind}`, { query, signal });
    const page = readAnswer(PAGES[kind], body, call);
    const next = page.paging.after;
    if (next !== undefined && next === cursor)
      throw new PermanentError(`${call} answers the same page again (after=${next}).`);
    const entities = page.data.filter((entity) => inScope(entity.fullyQualifiedName));
    yield { entities, total: page.paging.total, ...(next === undefined ? {} : { after: next }) };
    cursor = next;
  } while (cursor !== undefined);
}

/** Live entities below a scope: one call if the server can count them, otherwise by listing. */
export async function countEntities(
  transport: Transport,
  kind: EntityKind,
  scope: EntityScope,
  { signal }: CallOptions = {}
): Promise<number> {
  if (isListParameter(kind, scope.scopeType)) {
    const query = { [scope.scopeType]: scope.scopeFqn, limit: 0 };
    const { body } = await transport.request('GET', `/${kind}`, { query, signal });
    return readAnswer(counted, body, `GET /v1/${kind}`).paging.total;
  }
  let count = 0;
  for await (const page of listEntities(transport, kind, scope, { signal, limit: 1_000 }))
    count += page.entities.length;
  return count;
}
