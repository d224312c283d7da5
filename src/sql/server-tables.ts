import type { Dialect } from './dialect.js';

/** A table as a statement names it, with what its session adds. */
export interface PlacedName {
  readonly parts: readonly string[];
  /** Where the statement ran. */
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
}

/** What belongs to the server itself; each ignores case. */
interface Catalogs {
  /** Database and schema, with a point between them. */
  readonly place?: RegExp;
  readonly schema?: RegExp;
  /** Names that tell by themselves, in any schema. */
  readonly table?: RegExp;
  /** Database, schema and table, with points between them. */
  readonly full?: RegExp;
  /** Names without a schema, or in the one of the system: users have such in schemas of their own. */
  readonly alone?: { readonly table: RegExp; readonly schema: RegExp };
}

const STANDARD = /^information_schema$/i;

const MYSQL: Catalogs = { schema: /^(information_schema|performance_schema|mysql|sys)$/i };
const POSTGRES: Catalogs = {
  schema: /^(information_schema|pg_catalog|pg_toast|crdb_internal|timescaledb_information)$/i,
  table: /^pg_\w+$/i,
};

/** Documented views of the SYS monitoring, since `sys_config` may be anybody's. */
const REDSHIFT_SYS =
  'sys_(?:analyze|auto|automatic|child_query|connection|copy|datashare|external_query|integration|load|mv|procedure|query|restore|schema_quota|serverless|session|spatial|stream|transaction|udf|unload|userlog|vacuum)\\w*';

/** Views for compatibility that stand in every database. */
const TSQL_COMPATIBLE =
  'sys(?:objects|columns|indexes|indexkeys|users|types|comments|depends|references|foreignkeys|constraints|files|filegroups|databases|processes|logins|altfiles|members|permissions|protects|lockinfo|languages|configures|curconfigs|messages|servers|perfinfo|cacheobjects)';

/** What the ALL_ and USER_ views tell of: a table of a user may begin so, too. */
const ORACLE_VIEWS = [
  '(?:all|user)_(?:tab_|col_|cons_|ind_|part_|subpart_|mview|xml_|scheduler_|type|lob|sys_|role_|stat_|refresh|sdo_)\\w*',
  '(?:all|user)_(?:arguments|catalog|clusters|constraints|coll_types|db_links|dependencies|directories|errors|extents|external_tables|free_space|identifiers|indexes|jobs|libraries|nested_tables|object_tables|objects|policies|procedures|queues|recyclebin|segments|sequences|snapshots|source|synonyms|tables|tablespaces|triggers|ts_quotas|users|views)',
  '(?:dba|cdb)_\\w+',
  'g?v_?\\$\\w+',
  'nls_(?:session|instance|database)_parameters',
  'session_(?:privs|roles|context)',
  'dual|dictionary|dict_columns|product_component_version',
].join('|');

const CATALOGS: Readonly<Record<Dialect, Catalogs>> = {
  // Trino, Db2, Teradata; and what sends a log without saying what it is
  ansi: {
    place: /^system\.(runtime|metadata|jdbc)$/i,
    schema: /^(information_schema|performance_schema|pg_catalog|sysibm|sysibmadm|syscat|sysstat|dbc)$/i,
    table: /^pg_\w+$/i,
  },
  mysql: MYSQL,
  mariadb: MYSQL,
  snowflake: { place: /^snowflake\./i, schema: STANDARD },
  sqlite: { table: /^(sqlite_|pragma_)\w+$/i },
  postgres: POSTGRES,
  bigquery: { schema: STANDARD, table: /^__(tables|tables_summary|partitions_summary)__$/i },
  redshift: {
    schema: /^(information_schema|pg_catalog|pg_internal|pg_toast)$/i,
    table: /^(pg|stl|stv|svv|svl|svcs)_\w+$/i,
    alone: { table: new RegExp(`^${REDSHIFT_SYS}$`, 'i'), schema: /^pg_catalog$/i },
  },
  hive: { schema: /^(information_schema|sys)$/i },
  sparksql: { schema: STANDARD },
  databricks: { place: /^system\./i, schema: STANDARD },
  tsql: {
    place: /^msdb\./i,
    schema: /^(information_schema|sys)$/i,
    full: /^master\.(dbo)?\.spt_(values|monitor|fallback_\w+)$/i,
    alone: { table: new RegExp(`^${TSQL_COMPATIBLE}$`, 'i'), schema: /^dbo$/i },
  },
  oracle: { schema: /^sys$/i, alone: { table: new RegExp(`^(?:${ORACLE_VIEWS})$`, 'i'), schema: /^(sys|public)$/i } },
  clickhouse: { schema: /^(system|information_schema)$/i },
  duckdb: {
    schema: /^(information_schema|pg_catalog)$/i,
    table: /^((duckdb|pg|pragma)_\w+|sqlite_master|sqlite_schema)$/i,
  },
};

/**
 * Whether a table is of the system catalogs of the dialect's servers, which monitoring and drivers query all day:
 * nobody expects them in OpenMetadata.
 */
export function isServerTable({ parts, database, schema }: PlacedName, dialect: Dialect): boolean {
  const catalogs = CATALOGS[dialect];
  const table = parts.at(-1) ?? '';
  const written = parts.at(-2);
  const isAlone = written === undefined || written === '';
  const inSchema = isAlone ? schema : written;
  const of = (pattern: RegExp | undefined, name: string | undefined): boolean =>
    name !== undefined && pattern?.test(name) === true;
  const place = `${parts.at(-3) ?? database ?? ''}.${inSchema ?? ''}`;
  return (
    of(catalogs.schema, inSchema) ||
    of(catalogs.place, place) ||
    of(catalogs.full, `${parts.length > 2 && isAlone ? `${parts.at(-3) ?? ''}.` : place}.${table}`) ||
    of(catalogs.table, table) ||
    (of(catalogs.alone?.table, table) && (isAlone || of(catalogs.alone?.schema, written)))
  );
}
