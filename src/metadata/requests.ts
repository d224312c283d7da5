import {
  buildFqn,
  rewriteColumnName,
  rewriteName,
  sourceHash,
  type Column,
  type CreateDatabaseRequest,
  type CreateDatabaseSchemaRequest,
  type CreateRequests,
  type CreateStoredProcedureRequest,
  type CreateTableRequest,
  type EntityKind,
  type TagLabel,
} from '../openmetadata/index.js';
import type {
  SourceColumn,
  SourceDatabase,
  SourceProcedure,
  SourceSchema,
  SourceTable,
  SourceTag,
} from '../sources/index.js';
import {
  columnConstraint,
  foreignKeyConstraints,
  keyConstraints,
  type ForeignKeyConstraint,
  type TablePlace,
} from './constraints.js';

export function databaseRequest(service: string, database: SourceDatabase): CreateDatabaseRequest {
  return withHash<CreateDatabaseRequest>({
    name: rewriteName(database.name),
    service: buildFqn(service),
    ...described(database),
  });
}

export function schemaRequest(service: string, schema: SourceSchema): CreateDatabaseSchemaRequest {
  return withHash<CreateDatabaseSchemaRequest>({
    name: rewriteName(schema.name),
    database: buildFqn(service, rewriteName(schema.database)),
    ...described(schema),
  });
}

/** A table's request without foreign keys and hash, and those keys beside it: the publisher joins what the server can take. */
export interface TableRequestParts {
  readonly request: CreateTableRequest;
  readonly foreignKeys: ForeignKeyConstraint[];
}

export function tableRequest(table: SourceTable, place: TablePlace): TableRequestParts {
  const constraints = keyConstraints(table);
  return {
    request: {
      name: rewriteName(table.name),
      databaseSchema: schemaFqn(place),
      tableType: table.tableType,
      columns: uniqueColumns(table.columns).map((column) => toColumn(column, columnConstraint(table, column))),
      ...(constraints.length === 0 ? {} : { tableConstraints: constraints }),
      ...(table.partition === undefined ? {} : { tablePartition: table.partition }),
      ...(table.definition === undefined ? {} : { schemaDefinition: table.definition }),
      ...(table.createdAt === undefined ? {} : { lifeCycle: { created: { timestamp: table.createdAt } } }),
      ...described(table),
    },
    foreignKeys: foreignKeyConstraints(table, place),
  };
}

/** The request with these foreign keys, and the hash of just that. */
export function withForeignKeys(
  request: CreateTableRequest,
  keys: readonly ForeignKeyConstraint[]
): CreateTableRequest {
  if (keys.length === 0) return withHash(request);
  return withHash({
    ...request,
    tableConstraints: [...(request.tableConstraints ?? []), ...keys.map((key) => key.constraint)],
  });
}

export function procedureRequest(procedure: SourceProcedure, place: TablePlace): CreateStoredProcedureRequest {
  return withHash<CreateStoredProcedureRequest>({
    name: rewriteName(procedure.name),
    databaseSchema: schemaFqn(place),
    storedProcedureType: procedure.procedureType,
    storedProcedureCode: { language: procedure.language ?? 'SQL', code: procedure.code },
    ...described(procedure),
  });
}

export function schemaFqn(place: TablePlace): string {
  return buildFqn(place.service, rewriteName(place.database), rewriteName(place.schema));
}

export function tagLabels(tags: readonly SourceTag[]): TagLabel[] {
  return tags.map(({ classification, tag }) => ({
    tagFQN: buildFqn(classification, tag),
    source: 'Classification',
    labelType: 'Automated',
    state: 'Suggested',
  }));
}

function described(record: { description?: string; sourceUrl?: string; tags?: readonly SourceTag[] }): {
  description?: string;
  sourceUrl?: string;
  tags?: TagLabel[];
} {
  return {
    ...(record.description === undefined || record.description === '' ? {} : { description: record.description }),
    ...(record.sourceUrl === undefined ? {} : { sourceUrl: record.sourceUrl }),
    ...(record.tags === undefined || record.tags.length === 0 ? {} : { tags: tagLabels(record.tags) }),
  };
}

/** The server refuses a table with two columns of one name; sources that tell names apart by more than their text are rare. */
function uniqueColumns(columns: readonly SourceColumn[]): SourceColumn[] {
  return [...new Map(columns.map((column) => [rewriteColumnName(column.name), column])).values()];
}

function toColumn(column: SourceColumn, constraint: Column['constraint']): Column {
  const { children, tags, ordinalPosition, precision, scale, arrayDataType, description } = column;
  return {
    name: rewriteColumnName(column.name),
    dataType: column.dataType,
    dataTypeDisplay: column.dataTypeDisplay,
    dataLength: column.dataLength ?? 1,
    ...(constraint === undefined ? {} : { constraint }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(arrayDataType === undefined ? {} : { arrayDataType }),
    ...(description === undefined || description === '' ? {} : { description }),
    ...(ordinalPosition === undefined ? {} : { ordinalPosition }),
    ...(tags === undefined || tags.length === 0 ? {} : { tags: tagLabels(tags) }),
    ...(children === undefined ? {} : { children: children.map((child) => toColumn(child, undefined)) }),
  };
}

function withHash<R extends CreateRequests[EntityKind]>(request: R): R {
  return { ...request, sourceHash: sourceHash(request) };
}
