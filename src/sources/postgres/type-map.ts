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
const BUILT_IN = byName({
  SMALLINT: 'smallint',
  INT: 'integer',
  // oid is unsigned, with 32 bits
  BIGINT: 'bigint, oid',
  NUMERIC: 'numeric',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  MONEY: 'money',
  BOOLEAN: 'boolean',
  VARCHAR: 'character varying',
  CHAR: 'character',
  TEXT: 'text',
  BYTEA: 'bytea',
  DATE: 'date',
  TIME: 'time without time zone, time with time zone',
  TIMESTAMP: 'timestamp without time zone, timestamp with time zone',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'json, jsonb',
  XML: 'xml',
  INET: 'inet',
  CIDR: 'cidr',
  MACADDR: 'macaddr, macaddr8',
  BIT: 'bit, bit varying',
  TSVECTOR: 'tsvector',
  TSQUERY: 'tsquery',
  PG_LSN: 'pg_lsn',
  PG_SNAPSHOT: 'pg_snapshot',
  TXID_SNAPSHOT: 'txid_snapshot',
  GEOMETRY: 'point, line, lseg, box, path, polygon, circle',
  DATETIMERANGE: 'tsrange, tstzrange, daterange',
  TUPLE: 'int4range, int8range, numrange',
  ARRAY: `int2vector, oidvector, anyarray, tsmultirange, tstzmultirange, datemultirange,
    int4multirange, int8multirange, nummultirange`,
  STRING: `bpchar, "char", name, xid, xid8, tid, cid, jsonpath, aclitem, refcursor,
    regclass, regcollation, regconfig, regdictionary, regnamespace, regoper, regoperator, regproc, regprocedure,
    regrole, regtype, pg_node_tree, pg_ndistinct, pg_dependencies, pg_mcv_list`,
});

/** Elements of built-in types that are lists. */
const LIST_ELEMENTS = byName({
  SMALLINT: 'int2vector',
  BIGINT: 'oidvector',
  DATETIMERANGE: 'tsmultirange, tstzmultirange, datemultirange',
  TUPLE: 'int4multirange, int8multirange, nummultirange',
});

/** Base types that extensions bring. */
const OF_EXTENSIONS = byName({
  TEXT: 'citext',
  MAP: 'hstore',
  GEOMETRY: 'geometry, box2d, box3d, cube, seg',
  GEOGRAPHY: 'geography',
  IMAGE: 'raster',
  HLL: 'hll',
  STRING: 'ltree, lquery, ltxtquery, isbn, isbn13, issn, issn13, ean13, upc, semver',
  ARRAY: 'vector, halfvec, sparsevec',
});

/** OpenMetadata wants a length for every type; this is used if none applies. */
const NO_LENGTH = 1;
export const TIMES: ReadonlySet<ColumnDataType> = new Set(['DATE', 'TIMESTAMP']);

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
  const dataType = BUILT_IN.get(name);
  // What is of no built-in type and not listed is the row of a table.
  if (dataType === undefined) return simple(oid >= 16_384 ? 'STRUCT' : 'UNKNOWN', oid >= 16_384);
  if (dataType === 'ARRAY') return { ...simple('ARRAY'), arrayDataType: LIST_ELEMENTS.get(name) ?? 'UNKNOWN' };
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
      return { ...simple('ARRAY'), arrayDataType: mapOwnType({ ...type, kind: 'r' }, types).dataType };
  }
  const element = types.get(type.element);
  if (type.element !== 0) return arrayOf(element === undefined ? simple('UNKNOWN', false) : mapOwnType(element, types));
  const dataType = OF_EXTENSIONS.get(type.name);
  if (dataType === undefined) return simple('UNKNOWN', false);
  return dataType === 'ARRAY' ? { ...simple('ARRAY'), arrayDataType: 'FLOAT' } : simple(dataType);
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

/** Names of types, with commas between them, each with its data type. */
function byName(names: Partial<Record<ColumnDataType, string>>): ReadonlyMap<string, ColumnDataType> {
  const entries = Object.entries(names) as [ColumnDataType, string][];
  return new Map(entries.flatMap(([dataType, list]) => list.split(/,\s+/).map((name) => [name, dataType] as const)));
}
