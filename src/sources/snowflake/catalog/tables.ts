import type { TableType } from '../../../openmetadata/index.js';
import type { SourceRecord } from '../../records.js';
import { onlyChanged, type Changed, type Gone } from './changes.js';
import { ColumnReader } from './columns.js';
import { DefinitionReader } from './definitions.js';
import { KeyReader } from './keys.js';
import { listObjects } from './listing.js';
import type { ListedObject } from './listed-object.js';
import { withDetails, type Readers } from './table-details.js';
import { selectionKind } from './table-type.js';
import type { TableReadInput } from './table-read-input.js';

/** Tables whose details are gathered at once: this many are held in memory. */
const PAGE = 100;
/** Names between two such pages may be unselected; up to this many of those are held back to keep the order. */
const MOST_HELD = 1_000;

/** Records of the `tables` part of a schema in a range of names, in order of name. */
export async function* readTables(input: TableReadInput): AsyncGenerator<SourceRecord> {
  const { session, schema, options } = input;
  const readers: Readers = {
    columns: new ColumnReader(session, schema, {
      someTablesOnly: options.changedSince !== undefined,
      until: input.names.until,
    }),
    keys: new KeyReader(session, schema),
    definitions: new DefinitionReader(session, schema),
  };
  let page: (SourceRecord | ListedObject)[] = [];
  let selected = 0;
  try {
    for await (const entry of listed(input)) {
      const held = await toHeld(entry, input);
      page.push(held);
      if (!('kind' in held)) selected += 1;
      if (selected < PAGE && page.length < MOST_HELD) continue;
      yield* withDetails(page, input, readers);
      page = [];
      selected = 0;
    }
    yield* withDetails(page, input, readers);
    readers.definitions.reportCost();
  } finally {
    await readers.columns.close();
    await readers.definitions.close();
  }
}

async function* listed({ session, config, schema, options, names }: TableReadInput): AsyncGenerator<Changed | Gone> {
  const objects = listObjects(session, schema, config, names);
  if (options.changedSince !== undefined) {
    yield* onlyChanged(session, config.accountUsageSchema, schema, objects, {
      changedSince: options.changedSince,
      ...names,
    });
    return;
  }
  for await (const object of objects) yield { kind: 'changed', object };
}

/** A record where nothing more has to be read about it, else the object itself. */
async function toHeld(
  entry: Changed | Gone,
  { config, schema, selection }: TableReadInput
): Promise<SourceRecord | ListedObject> {
  if (entry.kind === 'gone') return { kind: 'deleted', entity: 'table', name: entry.name };
  const { name, tableType } = entry.object;
  const reason =
    tableType === 'Transient' && !config.includeTransientTables
      ? 'transient tables are left out (includeTransientTables: false)'
      : await selection.table(schema.database, schema.schema, name, selectionKind(tableType));
  if (reason !== undefined) return { kind: 'unselected', entity: 'table', name, reason };
  return entry.object.isSecond === true
    ? { kind: 'problem', entity: 'table', name, message: second(tableType) }
    : entry.object;
}

function second(type: TableType): string {
  const flag = { Stream: 'includeStreams', Stage: 'includeStages', SemanticView: 'includeSemanticViews' }[String(type)];
  return (
    `A ${type} has the name of another object of its schema, and OpenMetadata has one name for both: the ${type} is left out. ` +
    `Rename one of the two${flag === undefined ? '' : `, or set ${flag}: false`}.`
  );
}
