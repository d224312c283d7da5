import type { ColumnDataType } from '../../openmetadata/index.js';
import type { TypeRow } from './queries.js';

/** A type in OpenMetadata's terms. */
export interface MappedType {
  readonly dataType: ColumnDataType;
  /** 1 where the type has none. */
  readonly dataLength: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly arrayDataType?: ColumnDataType;
  /** The type whose attributes are the column's children: a composite one, or what an array is of. */
  readonly composite?: TypeRow;
  /** False: the type is not known. */
  readonly known: boolean;
}

/** By the server's own names for its types (`format_type`), without what is in brackets. */
const BUILT_IN: Readonly<Record<string, ColumnDataType>> = {
  smallint: 'SMALLINT',
  integer: 'INT',
  bigint: 'BIGINT',
  numeric: 'NUMERIC',
  real: 'FLOAT',
  'double precision': 'DOUBLE',
  money: 'MONEY',
  boolean: 'BOOLEAN',
  'character varying': 'VARCHAR',
  character: 'CHAR',
  text: 'TEXT',
  bytea: 'BYTEA',
  date: 'DATE',
  'time without time zone': 'TIME',
  'time with time zone': 'TIME',
  'timestamp without time zone': 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMP',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSON',
  xml: 'XML',
  inet: 'INET',
  cidr: 'CIDR',
  macaddr: 'MACADDR',
  macaddr8: 'MACADDR',
  bit: 'BIT',
  'bit varying': 'BIT',
  tsvector: 'TSVECTOR',
  tsquery: 'TSQUERY',
  pg_lsn: 'PG_LSN',
  pg_snapshot: 'PG_SNAPSHOT',
  txid_snapshot: 'TXID_SNAPSHOT',
  // Unsigned, 32 bits.
  oid: 'BIGINT',
  ...same('GEOMETRY', ['point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']),
  ...same('DATETIMERANGE', ['tsrange', 'tstzrange', 'daterange']),
  ...same('TUPLE', ['int4range', 'int8range', 'numrange']),
  ...same('ARRAY', ['int2vector', 'oidvector', 'anyarray']),
  ...same('ARRAY', [
    'tsmultirange',
    'tstzmultirange',
    'datemultirange',
    'int4multirange',
    'int8multirange',
    'nummultirange',
  ]),
  ...same('STRING', ['bpchar', '"char"', 'name', 'xid', 'xid8', 'tid', 'cid', 'jsonpath', 'aclitem', 'refcursor']),
  ...same('STRING', [
    'regclass',
    'regcollation',
    'regconfig',
    'regdictionary',
    'regnamespace',
    'regoper',
    'regoperator',
  ]),
  ...same('STRING', [
    'regproc',
    'regprocedure',
    'regrole',
    'regtype',
    'pg_node_tree',
    'pg_ndistinct',
    'pg_dependencies',
    'pg_mcv_list',
  ]),
};

/** Elements of built-in types that are lists. */
const LIST_ELEMENTS: Readonly<Record<string, ColumnDataType>> = {
  int2vector: 'SMALLINT',
  oidvector: 'BIGINT',
  ...same('DATETIMERANGE', ['tsmultirange', 'tstzmultirange', 'datemultirange']),
  ...same('TUPLE', ['int4multirange', 'int8multirange', 'nummultirange']),
};

/** Base types that extensions bring, by name. */
const OF_EXTENSIONS: Readonly<Record<string, ColumnDataType>> = {
  citext: 'TEXT',
  hstore: 'MAP',
  geometry: 'GEOMETRY',
  geography: 'GEOGRAPHY',
  raster: 'IMAGE',
  hll: 'HLL',
  ...same('GEOMETRY', ['box2d', 'box3d', 'cube', 'seg']),
  ...same('STRING', ['ltree', 'lquery', 'ltxtquery', 'isbn', 'isbn13', 'issn', 'issn13', 'ean13', 'upc', 'semver']),
  ...same('ARRAY', ['vector', 'halfvec', 'sparsevec']),
};

/** The types the map knows, for tests and documentation. */
export const KNOWN_TYPES: readonly string[] = [...Object.keys(BUILT_IN), ...Object.keys(OF_EXTENSIONS)];

/** OpenMetadata wants a length for every type; this is used if none applies. */
const NO_LENGTH = 1;
const TIMES: ReadonlySet<ColumnDataType> = new Set(['DATE', 'TIMESTAMP']);

/**
 * @param oid of the type
 * @param display its text, by `format_type`
 * @param types those that are not the server's own
 */
export function mapType(oid: number, display: string, types: ReadonlyMap<number, TypeRow>): MappedType {
  const own = types.get(oid);
  if (own !== undefined) return mapOwnType(own, types);
  if (display.endsWith('[]')) return arrayOf(mapType(oid, display.slice(0, -2), types));
  const name = display
    .replace(/\([^)]*\)/, '')
    .replace(/^interval .*/, 'interval')
    .trim();
  const dataType = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  // What is of no built-in type and not listed is the row of a table.
  if (dataType === undefined) return simple(oid >= 16_384 ? 'STRUCT' : 'UNKNOWN', oid >= 16_384);
  if (dataType === 'ARRAY') return { ...simple('ARRAY'), arrayDataType: LIST_ELEMENTS[name] ?? 'UNKNOWN' };
  const [first, second] = (/\(([^)]*)\)/.exec(display)?.[1] ?? '').split(',').filter(Boolean).map(Number);
  if (dataType === 'NUMERIC' && first !== undefined)
    return { ...simple('NUMERIC'), precision: first, scale: second ?? 0 };
  const hasLength = (dataType === 'VARCHAR' || dataType === 'CHAR') && first !== undefined;
  return hasLength ? { ...simple(dataType), dataLength: first } : simple(dataType);
}

/** A domain, or one that it is over, takes no NULL. */
export function refusesNull(oid: number, types: ReadonlyMap<number, TypeRow>): boolean {
  const type = types.get(oid);
  return type?.kind === 'd' && (type.notNull || refusesNull(type.base, types));
}

function mapOwnType(type: TypeRow, types: ReadonlyMap<number, TypeRow>): MappedType {
  switch (type.kind) {
    case 'd':
      return mapType(type.base, type.baseText ?? '', types);
    case 'e':
      return simple('ENUM');
    case 'c':
      return { ...simple('STRUCT'), composite: type };
    case 'r':
      return simple(TIMES.has(mapType(type.base, type.baseText ?? '', types).dataType) ? 'DATETIMERANGE' : 'TUPLE');
    case 'm':
      return { ...simple('ARRAY'), arrayDataType: 'TUPLE' };
  }
  if (type.element !== 0) return arrayOf(mapElement(type, types));
  const dataType = Object.hasOwn(OF_EXTENSIONS, type.name) ? OF_EXTENSIONS[type.name] : undefined;
  if (dataType === undefined) return simple('UNKNOWN', false);
  return dataType === 'ARRAY' ? { ...simple('ARRAY'), arrayDataType: 'FLOAT' } : simple(dataType);
}

function mapElement(type: TypeRow, types: ReadonlyMap<number, TypeRow>): MappedType {
  const element = types.get(type.element);
  return element === undefined ? simple('UNKNOWN', false) : mapOwnType(element, types);
}

function arrayOf(element: MappedType): MappedType {
  return {
    ...simple('ARRAY', element.known),
    arrayDataType: element.dataType,
    ...(element.composite === undefined ? {} : { composite: element.composite }),
  };
}

function simple(dataType: ColumnDataType, known = true): MappedType {
  return { dataType, dataLength: NO_LENGTH, known };
}

function same(dataType: ColumnDataType, names: readonly string[]): Record<string, ColumnDataType> {
  return Object.fromEntries(names.map((name) => [name, dataType]));
}
