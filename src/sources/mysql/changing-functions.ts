/** What MySQL's read-only sessions let through: locks that outlive the statement, the server's files, its shell. */
export const mysqlChanging =
  /(?<!\S)\.?(GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|SERVICE_GET_(READ|WRITE)_LOCKS|SERVICE_RELEASE_LOCKS|LOAD_FILE|SYS_(EXEC|EVAL|SET)|GROUP_REPLICATION_\w+)\(/;
