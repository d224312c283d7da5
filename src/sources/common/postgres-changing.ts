/** Those of which some take one argument, or give their others a default. */
const OF_ONE = [
  String.raw`PG_(CANCEL|TERMINATE)_BACKEND|PG_(TRY_)?ADVISORY_\w+`,
  String.raw`PG_READ_\w+|PG_STAT_FILE|PG_LS_\w+|PG_FILE_\w+`,
  String.raw`PG_STAT_(\w+_)?RESET\w*|PG_RELOAD_CONF|PG_ROTATE_LOGFILE\w*|PG_PROMOTE|PG_WAL_REPLAY_(PAUSE|RESUME)`,
  String.raw`PG_(CREATE|DROP|COPY|REPLICATION|LOGICAL|IMPORT|EXPORT|LOG|BACKUP|SWITCH|START|STOP)_\w+`,
  String.raw`BRIN_\w+|GIN_CLEAN_PENDING_LIST|DBLINK\w*|TS_STAT|CROSSTAB\w*`,
];
const OTHERS = [
  'SET_CONFIG|PG_NOTIFY|LOWRITE',
  String.raw`QUERY_TO_XML\w*|CURSOR_TO_XML\w*|TS_REWRITE|CONNECTBY|XPATH_TABLE`,
  String.raw`LO_(?!GET\()\w+`,
];
/** Others of large objects take more; columns are called so, too (`lo_revenue` of the star schema benchmark). */
const OF_ONE_OBJECT = 'LO_(CREATE?|UNLINK|IMPORT|CLOSE|TELL(64)?)';

/**
 * What PostgreSQL's read-only transactions let through: `set_config`, by which the session would write from then on,
 * other sessions, locks that outlive the statement, large objects, the server's files, settings and slots, other
 * servers; what runs SQL that it is given as a text; and names whose characters are codes. What takes one argument may
 * stand behind it like one of its attributes: `(1::bigint).pg_advisory_lock`.
 */
export const postgresChanging = new RegExp(
  String.raw`(?<!\S)(\.?(${[...OF_ONE, ...OTHERS].join('|')})\((?!=)|\.(${[...OF_ONE, OF_ONE_OBJECT].join('|')})(?!\S)|U&(?!\S))`,
  'i'
);
