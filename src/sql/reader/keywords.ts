/** The words the readers know, by what they mean in their place. */

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** Never a column in an expression. */
export const OPERATOR_WORDS = words(`
  and or not xor in is isnull notnull null like ilike rlike regexp similar glob between symmetric asymmetric case when then else end
  distinct as exists any all some true false escape div mod over partition by asc desc prior connect_by_root
  current_date current_time current_timestamp localtime localtimestamp sysdate systimestamp getdate rownum rowid
  current_user session_user current_role current_catalog current_schema unknown binary select from where using on
  separator default row rows unbounded preceding following within overlaps member collate array multiset connect_by_isleaf
  connect_by_iscycle
`);

/** Operands for the purpose of finding an alias, though they aren't columns. */
export const VALUE_WORDS = words(`
  null true false end current_date current_time current_timestamp localtime localtimestamp sysdate systimestamp rownum rowid
  current_user session_user current_role current_catalog current_schema unknown default connect_by_isleaf connect_by_iscycle
`);

/** Date parts: skipped as arguments of date functions and after INTERVAL. */
export const DATE_PARTS = words(`
  year years yyyy yy quarter quarters qq q month months mm mon week weeks wk ww isoweek isoyear day days dd d dayofyear dayofweek
  doy dow isodow weekday hour hours hh minute minutes mi second seconds ss s millisecond milliseconds ms microsecond microseconds
  us nanosecond nanoseconds ns epoch decade century millennium date time year_month day_hour day_minute day_second
  hour_minute hour_second minute_second day_microsecond hour_microsecond minute_microsecond second_microsecond
  timezone timezone_hour timezone_minute epoch_second
`);

/** Functions whose first argument is a date part. */
export const DATE_PART_FIRST = words(`
  datediff dateadd datepart datename date_part date_trunc timestampdiff timestampadd timediff timeadd datetrunc date_bucket
  datediff_big
`);

/** Functions whose last argument is a date part. */
export const DATE_PART_LAST = words(`
  date_trunc date_diff datetime_trunc datetime_diff timestamp_trunc timestamp_diff time_trunc time_diff trunc last_day
  generate_date_array
`);

export const TYPE_WORDS = words(`
  int integer bigint smallint tinyint int64 float64 float double real decimal numeric number char varchar nvarchar nchar text string
  date datetime datetime2 smalldatetime timestamp timestamptz timestamp_ntz timestamp_ltz timestamp_tz time boolean bool bit binary
  varbinary signed unsigned json jsonb uuid money uniqueidentifier bytes variant object array clob blob xml precision varying zone
`);

/** A word that starts a statement where one can start. */
export const STATEMENT_WORDS = words(`
  select insert update delete create alter drop truncate merge with replace rename use set show explain describe desc analyze
  call exec execute grant revoke begin commit rollback start copy load unload refresh cache uncache add declare values table
  from optimize vacuum msck lock unlock comment put get list ls remove rm export import kill flush reset prepare deallocate
  savepoint release undrop pragma attach detach install checkpoint return if while loop for repeat print go raise leave iterate
  open fetch close signal resignal throw waitfor goto break continue do let elseif elsif else end exception when then upsert
  handler reorg clear clone
`);

/** Statement starts that cut an expression short where statements need no `;`. */
export const HARD_STATEMENT_WORDS = words(
  'insert select update delete create alter drop truncate merge exec declare go'
);

/** Never an alias of a relation. */
export const NOT_RELATION_ALIAS = words(`
  on using join left right full inner cross outer natural where group order having limit union except intersect minus window
  qualify fetch offset for lateral set when connect start sample tablesample pivot unpivot match_recognize straight_join use force
  ignore with values select returning asof semi anti global any cluster distribute sort option at before changes final
  match_condition into go insert update delete merge create alter drop truncate end then do partition format settings prewhere
  positional apply output default from overwrite lock as declare exec execute print return begin else if while between and or not
  emit log errors except overriding exclude minus
`);

/** T-SQL keeps these for statements, which need no `;` before them. */
export const NO_ALIAS_OF_TSQL = words(`
  open close deallocate fetch goto waitfor raiserror break continue rollback commit save kill dbcc grant revoke deny backup
  restore reconfigure checkpoint shutdown bulk
`);

/** Never an alias of a select item. */
export const NOT_ITEM_ALIAS = words(`
  from where group order having limit union except intersect minus window qualify fetch offset for into on using as and or not in
  is like ilike rlike between case when then else end asc desc null collate over from separator nulls
`);

/** File formats that Spark and DuckDB read by name: `` parquet.`dir/` ``. */
export const FILE_FORMATS = words('parquet csv json orc text avro delta binaryfile iceberg');
