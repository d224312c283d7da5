/** Functions of the system that only tell something. */
const TELLING = 'TYPEOF|CLUSTERING_\\w+|LAST_CHANGE_COMMIT_TIME|STREAM_\\w+|PIPE_STATUS|GET_TAG\\w*|ESTIMATE_\\w+';

/**
 * Snowflake has no read-only sessions: functions of the system cancel, resume and set, a sequence moves when it is
 * read, `->>` runs whatever statement stands behind it, and `WITH p AS PROCEDURE () …` what stands in a text.
 */
export const snowflakeChanging = new RegExp(
  String.raw`(?<!\S)\.?(SYSTEM\$(?!(${TELLING})\()[\w$]+|GETNEXTVAL)\(|\.NEXTVAL(?!\S)|(?<!\S)->>(?!\S)|(?<=(^| )AS )PROCEDURE\(`
);
