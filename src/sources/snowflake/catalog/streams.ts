import type { SourceColumn } from '../../records.js';
import type { SchemaRef } from '../../source.js';
import { compareNames } from '../../common/binary-order.js';
import { quotePath } from './identifiers.js';
import { columnRows } from './column-list.js';
import type { ListedObject } from './listed-object.js';
import { columnsOfSeveral } from './queries.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { showAll } from './show.js';
import { toColumns } from '../type-map.js';
import type { StreamOrigin } from './listed-object.js';

export async function listStreams(session: Session, { database, schema }: SchemaRef): Promise<ListedObject[]> {
  const rows = await showAll(session, {
    sql: `SHOW STREAMS IN SCHEMA ${quotePath(database, schema)}`,
    doing: `listing the streams of ${database}.${schema}`,
  });
  return rows.map((row) => {
    const description = row.optionalText('comment');
    const origin = parseOrigin(row.optionalText('table_name') ?? '');
    return {
      name: row.text('name'),
      tableType: 'Stream',
      ...(description === undefined ? {} : { description }),
      ...(origin === undefined ? {} : { origin }),
    };
  });
}

/** `DB.SCHEMA."My table"`; undefined for what Snowflake writes instead when the table is gone or hidden. */
export function parseOrigin(written: string): StreamOrigin | undefined {
  const parts = [...written.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''
  );
  const [database, schema, table] = parts;
  if (parts.length !== 3 || database === undefined || schema === undefined || table === undefined) return undefined;
  return { database, schema, table };
}

/** Stream name → its columns; the tables behind these streams are asked for in one statement per database. */
export async function readStreamColumns(
  session: Session,
  streams: readonly ListedObject[]
): Promise<ReadonlyMap<string, readonly SourceColumn[]>> {
  const origins = new Map<string, StreamOrigin[]>();
  for (const { origin } of streams) {
    if (origin !== undefined) origins.set(origin.database, [...(origins.get(origin.database) ?? []), origin]);
  }
  const rowsByOrigin = new Map<string, Row[]>();
  for (const [database, wanted] of [...origins].sort(([left], [right]) => compareNames(left, right))) {
    for await (const row of session.stream(columnsOfSeveral(database, wanted))) {
      const key = originKey({ database, schema: row.text('TABLE_SCHEMA'), table: row.text('TABLE_NAME') });
      rowsByOrigin.set(key, columnRows(row));
    }
  }
  return new Map(
    streams.map(({ name, origin }) => {
      const rows = origin === undefined ? [] : (rowsByOrigin.get(originKey(origin)) ?? []);
      const { columns } = toColumns(rows);
      return [name, [...columns, ...changeColumns(columns.length)]];
    })
  );
}

/** What a stream adds to the columns of its table. */
function changeColumns(before: number): SourceColumn[] {
  return [
    {
      name: 'METADATA$ACTION',
      dataType: 'VARCHAR',
      dataTypeDisplay: 'TEXT',
      dataLength: 1,
      nullable: true,
      ordinalPosition: before + 1,
    },
    {
      name: 'METADATA$ISUPDATE',
      dataType: 'BOOLEAN',
      dataTypeDisplay: 'BOOLEAN',
      dataLength: 1,
      nullable: true,
      ordinalPosition: before + 2,
    },
    {
      name: 'METADATA$ROW_ID',
      dataType: 'VARCHAR',
      dataTypeDisplay: 'TEXT',
      dataLength: 1,
      nullable: true,
      ordinalPosition: before + 3,
    },
  ];
}

function originKey({ database, schema, table }: StreamOrigin): string {
  return quotePath(database, schema, table);
}
