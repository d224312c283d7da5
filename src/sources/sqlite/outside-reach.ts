import type Database from 'libsql';

/**
 * Functions of the library that compute, or read the database alone. What it has besides reads and writes files,
 * loads code or runs texts as SQL; what a later version adds is refused until it stands here.
 */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `-> ->> abs acos acosh asin asinh atan atan2 atanh atn2 avg bm25 ceil ceiling changes char charindex coalesce concat
  concat_ws cos cosh cot coth count cume_dist current_date current_time current_timestamp date datetime degrees
  dense_rank difference exp first_value floor format fts5 fts5_source_id geopoly_area geopoly_bbox geopoly_blob
  geopoly_ccw geopoly_contains_point geopoly_debug geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular
  geopoly_svg geopoly_within geopoly_xform glob group_concat hex highlight ifnull iif instr json json_array
  json_array_length json_error_position json_extract json_group_array json_group_object json_insert json_object
  json_patch json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_extract
  jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set
  julianday lag last_insert_rowid last_rows_affected last_value lead leftstr length libsql_vector_idx like likelihood
  likely ln log log10 log2 lower lower_quartile lsmode ltrim match matchinfo max median min mod mode nth_value ntile
  nullif octet_length offsets optimize padc padl padr percent_rank pi pow power printf proper quote radians random
  randomblob rank regexp regexpi replace replicate reverse rightstr round row_number rtreecheck rtreedepth rtreenode
  rtrim sha3 sign sin sinh snippet soundex sqlite_compileoption_get sqlite_compileoption_used sqlite_source_id
  sqlite_version sqrt square stdev strfilter strftime string_agg substr substring subtype sum tan tanh time timediff
  total total_changes trim trunc typeof unhex unicode unixepoch unlikely upper upper_quartile uuid uuid_blob uuid_str
  variance vector vector16 vector1bit vector32 vector64 vector8 vector_distance_cos vector_distance_l2 vector_extract
  vectorb16 zeroblob`.split(/\s+/)
);

/** Virtual tables that compute, or read the database alone. */
const MODULES: ReadonlySet<string> = new Set(
  `dbstat fts3 fts3tokenize fts4 fts4aux fts5 fts5vocab generate_series geopoly json_each json_tree rtree rtree_i32
  sqlite_stmt vector_top_k`.split(/\s+/)
);

/** Pragmas as tables: facts about the schema. */
const PRAGMA = /^pragma_/i;

/** Refuses statements that reach outside their database: mode=ro keeps no function from reading and writing files. */
export class OutsideReach {
  readonly #modules: RegExp | undefined;

  /** @param database a connection of its own: the library never resets what explains, which would hold a read open */
  constructor(private readonly database: Database.Database) {
    const modules = names(database, 'PRAGMA module_list').filter((name) => !MODULES.has(name) && !PRAGMA.test(name));
    const listed = modules.map((name) => name.replaceAll(/\W/g, '\\$&')).join('|');
    if (listed !== '') this.#modules = new RegExp(`(?<![\\w$\\x80-\\uffff])(?:${listed})(?![\\w$\\x80-\\uffff])`, 'i');
  }

  /**
   * Compiles the statement, without running it, and looks at what it calls: so no spelling hides a function. The
   * program has no names of virtual tables; those are looked for in the text, in which they can't be written otherwise.
   * @throws Error that says what is refused
   */
  refuse(sql: string): void {
    if (!/^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:SELECT|WITH|VALUES)\b/i.test(sql))
      throw new Error('only statements that read are sent: one that begins with SELECT, WITH or VALUES');
    for (const row of this.database.prepare(`EXPLAIN ${sql}`).raw(true).all()) {
      const [, operation, , , , detail] = row as readonly unknown[];
      const called = /^([^\s()]+)\(-?\d+\)$/.exec(String(detail))?.[1]?.toLowerCase();
      const calls = /^(PureFunc|Function|Agg)/.test(String(operation)) ? called : undefined;
      if (calls !== undefined && !FUNCTIONS.has(calls)) throw outside(`the function ${calls}`);
      const table = operation === 'VOpen' ? this.#modules?.exec(sql)?.[0] : undefined;
      if (table !== undefined) throw outside(`the table ${table.toLowerCase()}`);
    }
  }
}

function outside(what: string): Error {
  return new Error(`the statement uses ${what}, which may reach outside of the database. Write it without it`);
}

function names(database: Database.Database, pragma: string): string[] {
  const rows: unknown[] = database.prepare(pragma).all();
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'name' in row ? [String(row.name).toLowerCase()] : []
  );
}
