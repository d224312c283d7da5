import {
  buildFqn,
  rewriteColumnName,
  rewriteName,
  sourceHash,
  type Column,
  type CreateDatabaseRequest,
  type CreateDatabaseSchemaRequest,
  type CreateStoredProcedureRequest,
  type CreateTableRequest,
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

/**
 * A table's request without its hash. Its last constraints are its foreign keys: the publisher leaves out what the
 * server can't take yet.
 */
export interface TableRequestParts {
  readonly request: CreateTableRequest;
  readonly foreignKeys: ForeignKeyConstraint[];
  /** What is left out of the table, one line each. */
  readonly warnings: readonly string[];
}

export function tableRequest(table: SourceTable, place: TablePlace): TableRequestParts {
  const { columns, warnings } = uniqueColumns(table.columns);
  const foreignKeys = foreignKeyConstraints(table, place);
  const constraints = [...keyConstraints(table), ...foreignKeys.map((key) => key.constraint)];
  return {
    request: {
      name: rewriteName(table.name),
      databaseSchema: schemaFqn(place),
      tableType: table.tableType,
      columns: columns.map((column) => toColumn(column, columnConstraint(table, column))),
      ...(constraints.length === 0 ? {} : { tableConstraints: constraints }),
      ...(table.partition === undefined ? {} : { tablePartition: table.partition }),
      ...(table.definition === undefined ? {} : { schemaDefinition: table.definition }),
      ...(table.createdAt === undefined ? {} : { lifeCycle: { created: { timestamp: table.createdAt } } }),
      ...described(table),
    },
    foreignKeys,
    warnings,
  };
}

/** The request with `kept` of its foreign keys only. */
export function withForeignKeys(
  { request, foreignKeys }: Pick<TableRequestParts, 'request' | 'foreignKeys'>,
  kept: readonly ForeignKeyConstraint[]
): CreateTableRequest {
  const { tableConstraints = [], ...rest } = request;
  const others = tableConstraints.slice(0, tableConstraints.length - foreignKeys.length);
  const constraints = [...others, ...kept.map((key) => key.constraint)];
  return constraints.length === 0 ? rest : { ...rest, tableConstraints: constraints };
}

/** A procedure's request without its hash. */
export function procedureRequest(procedure: SourceProcedure, place: TablePlace): CreateStoredProcedureRequest {
  return {
    name: rewriteName(procedure.name),
    databaseSchema: schemaFqn(place),
    storedProcedureType: procedure.procedureType,
    storedProcedureCode: { language: procedure.language ?? 'SQL', code: procedure.code },
    ...described(procedure),
  };
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

/**
 * The server refuses a table with two columns of the same name: of those that it would store under one name, the first
 * is kept.
 */
function uniqueColumns(columns: readonly SourceColumn[]): {
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly string[];
} {
  if (new Set(columns.map((column) => rewriteColumnName(column.name))).size === columns.length)
    return { columns, warnings: [] };
  const kept = new Map<string, SourceColumn>();
  const warnings: string[] = [];
  for (const column of columns) {
    const stored = rewriteColumnName(column.name);
    const first = kept.get(stored);
    if (first === undefined) kept.set(stored, column);
    else
      warnings.push(
        `the column ${JSON.stringify(column.name)} is left out: OpenMetadata stores it under the name of ${JSON.stringify(first.name)}. Rename one of the two.`
      );
  }
  return { columns: [...kept.values()], warnings };
}

/** Set key by key: a run makes more columns than anything else, and spreading takes several times as long. */
function toColumn(source: SourceColumn, constraint: Column['constraint']): Column {
  const column: { -readonly [K in keyof Column]: Column[K] } = {
    name: rewriteColumnName(source.name),
    dataType: source.dataType,
    dataTypeDisplay: source.dataTypeDisplay,
    dataLength: source.dataLength ?? 1,
  };
  const { children, tags, ordinalPosition, precision, scale, arrayDataType, description } = source;
  if (constraint !== undefined) column.constraint = constraint;
  if (precision !== undefined) column.precision = precision;
  if (scale !== undefined) column.scale = scale;
  if (arrayDataType !== undefined) column.arrayDataType = arrayDataType;
  if (description !== undefined && description !== '') column.description = description;
  if (ordinalPosition !== undefined) column.ordinalPosition = ordinalPosition;
  if (tags !== undefined && tags.length > 0) column.tags = tagLabels(tags);
  if (children !== undefined) column.children = children.map((child) => toColumn(child, undefined));
  return column;
}

function withHash<R extends CreateDatabaseRequest | CreateDatabaseSchemaRequest>(request: R): R {
  return { ...request, sourceHash: sourceHash(request) };
}
