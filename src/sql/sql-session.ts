/** How a server and a session of it read SQL, where that is known and the dialect leaves it open (MySQL, MariaDB). */
export interface SqlSession {
  /** Whether `||` joins texts (PIPES_AS_CONCAT). Default: where names in double quotes tell of sql_mode ANSI. */
  readonly pipesAsConcat?: boolean;
  /** Double quotes are those of names (ANSI_QUOTES). Default: where they stand where only a name can. */
  readonly ansiQuotes?: true;
  /** A backslash is a character like any other (NO_BACKSLASH_ESCAPES). */
  readonly plainBackslashes?: true;
  /** Which server ran it: comments that begin with an exclamation mark are code for some of them. */
  readonly server?: SqlServer;
}

export interface SqlServer {
  readonly isMariaDb: boolean;
  /** As such comments have it, `101119` and `80036`. Default: one that runs whatever may run somewhere. */
  readonly version?: number;
}
