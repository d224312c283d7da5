import { createHash } from 'node:crypto';
import type { Column, CreateRequests, EntityKind, TableConstraint, TagLabel } from './entities/index.js';

/** Never part of the hash: the hash itself, and what the server adds to references and labels. */
const DROPPED = new Set(['sourceHash', 'href', 'deleted', 'inherited']);

/**
 * MD5 (32 hex digits) of a create request in a normal form: the same for equal content in another order of keys, tags, constraints,
 * owners or aliases, and for a definition that differs in white space only. The server skips an entity whose stored hash is equal.
 * Columns are put in order of ordinalPosition; where a source gives none, their order as sent counts.
 */
export function sourceHash(request: CreateRequests[EntityKind]): string {
  const normal = {
    ...request,
    ...('columns' in request ? { columns: orderedColumns(request.columns) } : {}),
    ...('tableConstraints' in request ? { tableConstraints: ordered(request.tableConstraints, constraintRank) } : {}),
    ...('aliases' in request ? { aliases: ordered(request.aliases, (alias) => alias) } : {}),
    ...('schemaDefinition' in request
      ? { schemaDefinition: request.schemaDefinition?.replace(/\s+/g, ' ').trim() }
      : {}),
    tags: orderedTags(request.tags),
    owners: ordered(request.owners, (owner) => `${owner.type}\0${owner.id}`),
    domains: ordered(request.domains, (domain) => domain),
    dataProducts: ordered(request.dataProducts, (product) => product),
  };
  return createHash('md5').update(canonicalJson(normal)).digest('hex');
}

function orderedColumns(columns: readonly Column[]): unknown[] {
  const normal = columns.map((column) => ({
    ...column,
    tags: orderedTags(column.tags),
    children: column.children === undefined ? undefined : orderedColumns(column.children),
  }));
  return columns.every((column) => column.ordinalPosition !== undefined)
    ? ordered(normal, (column) => `${String(column.ordinalPosition).padStart(10, '0')}\0${column.name}`)
    : normal;
}

function orderedTags(tags: readonly TagLabel[] | undefined): TagLabel[] | undefined {
  // No tags and an empty list of them are the same to the server.
  return tags === undefined || tags.length === 0 ? undefined : ordered(tags, (tag) => `${tag.source}\0${tag.tagFQN}`);
}

function constraintRank({ constraintType, columns = [], referredColumns = [] }: TableConstraint): string {
  return [constraintType ?? '', ...columns, '', ...referredColumns].join('\0');
}

function ordered<T>(members: readonly T[], rank: (member: T) => string): T[];
function ordered<T>(members: readonly T[] | undefined, rank: (member: T) => string): T[] | undefined;
function ordered<T>(members: readonly T[] | undefined, rank: (member: T) => string): T[] | undefined {
  return members
    ?.map((member) => ({ member, rank: rank(member) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ member }) => member);
}

/** JSON with sorted keys, without undefined and null. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member ?? undefined;
    const kept = Object.entries(member).filter(([key]) => !DROPPED.has(key));
    return Object.fromEntries(kept.sort(([a], [b]) => compare(a, b)));
  });
}

/** By code units: the order must not depend on the locale of the worker. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
