import type { SourceColumn } from '../../records.js';
import type { SchemaRef } from '../../source.js';
import { isNotAuthorized } from '../errors.js';
import type { ListedObject } from './listed-object.js';
import { semanticViews } from './queries.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { toType } from '../type-map.js';

/** Semantic views by name, dimensions and facts as their columns. */
export async function listSemanticViews(session: Session, schema: SchemaRef): Promise<ListedObject[]> {
  const found = new Map<string, { description: string | undefined; columns: SourceColumn[] }>();
  try {
    for await (const row of session.stream(semanticViews(schema))) {
      const name = row.text('NAME');
      const view = found.get(name) ?? { description: row.optionalText('COMMENT'), columns: [] };
      found.set(name, view);
      addColumn(row, view.columns);
    }
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    session.context.onWarning(
      `${schema.database} has no readable INFORMATION_SCHEMA.SEMANTIC_VIEWS: semantic views are not read.`
    );
  }
  return [...found].map(([name, { description, columns }]) => ({
    name,
    tableType: 'SemanticView',
    columns,
    ...(description === undefined ? {} : { description }),
  }));
}

function addColumn(row: Row, columns: SourceColumn[]): void {
  const name = row.optionalText('COLUMN_NAME');
  // Two logical tables of a view may have fields with the same name; OpenMetadata knows each column once.
  if (name === undefined || columns.some((column) => column.name === name)) return;
  const description = row.optionalText('FIELD_COMMENT');
  columns.push({
    name,
    ...toType(row.optionalText('DATA_TYPE') ?? '', row),
    ...(description === undefined ? {} : { description }),
    nullable: true,
    ordinalPosition: columns.length + 1,
  });
}
