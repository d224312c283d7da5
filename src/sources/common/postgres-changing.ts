const FUNCTIONS = [
  'SET_CONFIG',
  String.raw`PG_(CANCEL|TERMINATE)_BACKEND|PG_(TRY_)?ADVISORY_\w+|PG_NOTIFY`,
  String.raw`LO_(?!GET\()\w+|LOWRITE|PG_READ_\w+|PG_STAT_FILE|PG_LS_\w+|PG_FILE_\w+`,
  String.raw`PG_STAT_(\w+_)?RESET\w*|PG_RELOAD_CONF|PG_ROTATE_LOGFILE\w*|PG_PROMOTE|PG_WAL_REPLAY_(PAUSE|RESUME)`,
  String.raw`PG_(CREATE|DROP|COPY|REPLICATION|LOGICAL|IMPORT|EXPORT|LOG|BACKUP|SWITCH|START|STOP)_\w+`,
  String.raw`BRIN_\w+|GIN_CLEAN_PENDING_LIST|DBLINK\w*`,
  'QUERY_TO_XML\\w*|CURSOR_TO_XML\\w*|TS_STAT|TS_REWRITE|CROSSTAB\\w*|CONNECTBY|XPATH_TABLE',
];

/**
 * What PostgreSQL's read-only transactions let through: `set_config`, by which the session would write from then on,
 * other sessions, locks that outlive the statement, large objects, the server's files, settings and slots, other
 * servers; what runs SQL that it is given as a text; and names whose characters are codes.
 */
export const postgresChanging = new RegExp(String.raw`(?<!\S)(\.?(${FUNCTIONS.join('|')})\(|U&(?!\S))`);
