import { createHash } from 'node:crypto';
import type { Column, CreateRequests, EntityKind, TableConstraint, TagLabel } from './entities/index.js';

/** A create request as the text that is sent, including its hash. */
export interface HashedRequest {
  readonly json: string;
  readonly sourceHash: string;
}

/** Never part of the hash: the hash itself, and what the server adds to references and labels. */
const DROPPED = new Set(['sourceHash', 'href', 'deleted', 'inherited']);

/**
 * MD5 (32 hex digits) of a create request in a normal form: the same for equal content with other orders of keys, tags,
 * constraints, owners or aliases, and for definitions that only differ in white space. The server skips an entity whose
 * stored hash is equal. Columns are sorted by ordinalPosition; if a source gives none, their order as sent counts.
 */
export function sourceHash(request: CreateRequests[EntityKind]): string {
  return hashOf(request, columnsText(request));
}

/**
 * The request with its sourceHash, serialized. Columns are most of it: their text is used for both the hash and the
 * request.
 */
export function hashedRequest(request: CreateRequests[EntityKind]): HashedRequest {
  const columns = columnsText(request);
  const hash = hashOf(request, columns);
  const others = JSON.stringify({ ...request, columns: undefined, sourceHash: hash });
  const json = columns === undefined ? others : `${others.slice(0, -1)},"columns":${columns}}`;
  return { json, sourceHash: hash };
}

function columnsText(request: CreateRequests[EntityKind]): string | undefined {
  return 'columns' in request ? JSON.stringify(orderedColumns(request.columns)) : undefined;
}

function hashOf(request: CreateRequests[EntityKind], columns: string | undefined): string {
  const normal: Record<string, unknown> = { ...request };
  if (columns !== undefined) normal['columns'] = new Ready(columns);
  if ('tableConstraints' in request) normal['tableConstraints'] = ordered(request.tableConstraints, constraintRank);
  if ('aliases' in request) normal['aliases'] = ordered(request.aliases, (alias) => alias);
  if ('schemaDefinition' in request) normal['schemaDefinition'] = request.schemaDefinition?.replace(/\s+/g, ' ').trim();
  if (request.tags !== undefined) normal['tags'] = orderedTags(request.tags);
  if (request.owners !== undefined) normal['owners'] = ordered(request.owners, (owner) => `${owner.type}\0${owner.id}`);
  if (request.domains !== undefined) normal['domains'] = ordered(request.domains, (domain) => domain);
  if (request.dataProducts !== undefined) normal['dataProducts'] = ordered(request.dataProducts, (product) => product);
  return createHash('md5').update(canonicalJson(normal)).digest('hex');
}

function orderedColumns(columns: readonly Column[]): unknown[] {
  const hasPositions = columns.every((column) => column.ordinalPosition !== undefined);
  const rank = (column: Column): string => `${String(column.ordinalPosition).padStart(10, '0')}\0${column.name}`;
  return (hasPositions ? ordered(columns, rank) : columns).map(normalColumn);
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

/**
 * A column with its keys in canonical order, spelled out so that JSON.stringify does the rest: most of what a run
 * hashes is columns. The type requires every key there is.
 */
function normalColumn(column: Column): { readonly [K in keyof Required<Column>]: unknown } {
  return {
    arrayDataType: column.arrayDataType,
    children: column.children === undefined ? undefined : orderedColumns(column.children),
    constraint: column.constraint,
    dataLength: column.dataLength,
    dataType: column.dataType,
    dataTypeDisplay: column.dataTypeDisplay,
    description: column.description,
    displayName: column.displayName,
    fullyQualifiedName: column.fullyQualifiedName,
    jsonSchema: column.jsonSchema,
    name: column.name,
    ordinalPosition: column.ordinalPosition,
    precision: column.precision,
    scale: column.scale,
    tags: orderedTags(column.tags)?.map(normalTag),
  };
}

function normalTag(tag: TagLabel): { readonly [K in keyof Required<TagLabel>]: unknown } {
  return {
    description: tag.description,
    displayName: tag.displayName,
    labelType: tag.labelType,
    name: tag.name,
    source: tag.source,
    state: tag.state,
    tagFQN: tag.tagFQN,
  };
}

/** A part that is canonical JSON already. */
class Ready {
  constructor(readonly text: string) {}
}

/** JSON with sorted keys, without undefined and null. Hand-written: a replacer function takes several times as long. */
function canonicalJson(value: unknown): string {
  if (value instanceof Ready) return value.text;
  if (Array.isArray(value)) return `[${value.map((member: unknown) => canonicalJson(member ?? null)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  let members = '';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined || member === null || DROPPED.has(key)) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** By code units: the order must not depend on the locale of the worker. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
