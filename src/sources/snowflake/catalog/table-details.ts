import type { SourceColumn, SourceRecord, SourceTable } from '../../records.js';
import { clusteringPartition } from './clustering.js';
import type { ColumnReader } from './columns.js';
import type { DdlRequest, Definition, DefinitionReader } from './definitions.js';
import type { KeyReader } from './keys.js';
import type { ListedObject } from './listed-object.js';
import { urlKind } from './source-url.js';
import { readStreamColumns } from './streams.js';
import { selectionKind } from './table-type.js';
import type { TableReadInput } from './table-read-input.js';
import { toColumns } from '../type-map.js';

/** The readers of details, each one statement or a few for the whole schema, started when first needed. */
export interface Readers {
  readonly columns: ColumnReader;
  readonly keys: KeyReader;
  readonly definitions: DefinitionReader;
}

/** A page of a listing with its objects turned into records, and everything else as it is. */
export async function* withDetails(
  page: readonly (SourceRecord | ListedObject)[],
  input: TableReadInput,
  readers: Readers
): AsyncGenerator<SourceRecord> {
  const objects = page.filter((entry): entry is ListedObject => !('kind' in entry));
  const columnRows = await readers.columns.read(objects.filter(hasCatalogColumns).map((object) => object.name));
  const streamColumns = await readStreamColumns(
    input.session,
    objects.filter((object) => object.tableType === 'Stream')
  );
  const definitions = await readDefinitions(objects, input, readers.definitions);
  for (const entry of page) {
    if ('kind' in entry) {
      yield entry;
      continue;
    }
    const rows = columnRows.get(entry.name);
    if (rows instanceof Error || (hasCatalogColumns(entry) && (rows === undefined || rows.length === 0))) {
      yield {
        kind: 'problem',
        entity: 'table',
        name: entry.name,
        message: rows instanceof Error ? rows.message : NO_COLUMNS,
      };
      continue;
    }
    const mapped = toColumns(rows ?? []);
    const columns = entry.columns ?? streamColumns.get(entry.name) ?? mapped.columns;
    yield await toTable(
      entry,
      { columns, warnings: mapped.warnings, definition: definitions.get(entry.name) },
      input,
      readers.keys
    );
  }
}

const NO_COLUMNS =
  'It is listed but has no columns that this role can see: it may have been dropped during the run, or REFERENCES is not granted on it.';

function hasCatalogColumns({ tableType }: ListedObject): boolean {
  return tableType !== 'Stream' && tableType !== 'Stage' && tableType !== 'SemanticView';
}

async function readDefinitions(
  objects: readonly ListedObject[],
  { options }: TableReadInput,
  reader: DefinitionReader
): Promise<ReadonlyMap<string, Definition>> {
  const found = new Map<string, Definition>();
  const asked: DdlRequest[] = [];
  for (const { name, tableType } of objects) {
    if (tableType === 'View' || tableType === 'MaterializedView') {
      const text = await reader.ofView(name);
      if (text === undefined) asked.push({ kind: 'VIEW', name });
      else found.set(name, { text });
    } else if (tableType === 'Stream') asked.push({ kind: 'STREAM', name });
    else if (tableType === 'SemanticView') asked.push({ kind: 'SEMANTIC_VIEW', name });
    else if (tableType === 'Dynamic' || (options.includeDDL && tableType !== 'Stage'))
      asked.push({ kind: 'TABLE', name });
  }
  for (const [name, definition] of await reader.get(asked)) found.set(name, definition);
  return found;
}

interface Details {
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly string[];
  readonly definition: Definition | undefined;
}

async function toTable(
  object: ListedObject,
  details: Details,
  input: TableReadInput,
  keys: KeyReader
): Promise<SourceTable> {
  const { name, tableType, description, createdAt, clusteringKey } = object;
  const { definition } = details;
  const isTable = selectionKind(tableType) === 'table';
  const tags = await input.tags?.ofTable(name);
  const partition =
    clusteringKey === undefined || !isTable
      ? undefined
      : clusteringPartition(
          clusteringKey,
          details.columns.map((column) => column.name)
        );
  const sourceUrl = input.sourceUrl({ ...input.schema, name, kind: urlKind(tableType) });
  const missing = definition !== undefined && 'missing' in definition ? [`no definition: ${definition.missing}`] : [];
  const warnings = [...details.warnings, ...missing];
  return {
    kind: 'table',
    name,
    tableType: partition === undefined ? tableType : 'Partitioned',
    ...(description === undefined ? {} : { description }),
    columns: details.columns.map((column) => {
      const columnTags = tags?.columns.get(column.name);
      return columnTags === undefined ? column : { ...column, tags: columnTags };
    }),
    ...(isTable ? await keys.read(name) : {}),
    ...(partition === undefined ? {} : { partition }),
    ...(definition !== undefined && 'text' in definition ? { definition: definition.text } : {}),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(tags === undefined || tags.table.length === 0 ? {} : { tags: tags.table }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
