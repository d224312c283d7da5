/** Commands of SQL*Plus that a line begins with, short ones too; what follows them is no call or assignment. */
const COMMAND = new RegExp(
  [
    '(?:',
    'prompt|pro|rem|remark|spool|spo|define|def|undefine|undef|column|col|accept|acc|variable|var|pause|show|sho|',
    'connect|conn|disconnect|disc|host|ho|ttitle|btitle|break|bre|compute|comp|clear|cle|describe|desc|timing|timi|',
    'print|pri|start|whenever[ \\t]+(?:sqlerror|oserror)|quit|',
    'exit(?=[ \\t]+(?!when\\b)\\S|[ \\t]*\\r?(?:\\n|$))|',
    'set[ \\t]+(?:appi\\w*|array\\w*|auto\\w*|colsep|con(?:cat)?|def\\w*|echo|editf\\w*|emb\\w*|errorl\\w*|esc\\w*|',
    'exitc\\w*|feed\\w*|flagger|flu(?:sh)?|hea\\w*|lin\\w*|lob\\w*|long\\w*|mark\\w*|newp\\w*|null|num\\w*|pages\\w*|',
    'pau(?:se)?|recsep\\w*|scan|server\\w*|shift\\w*|show\\w*|space|sql(?:bl|c|co|n|p|pre|t)\\w*|suf\\w*|tab|term\\w*|',
    'ti(?:me|mi\\w*)?|trim\\w*|und\\w*|ver\\w*|wra\\w*|xquery)',
    ')(?![\\w$#])(?![ \\t]*(?::=|[=(.]))|@@?[^\\s@]|![^\\s=]',
  ].join(''),
  'iy'
);
/** Nothing ends what these show but the end of the line. */
const FREE_TEXT = /^(?:pro|rem)/i;

/**
 * Where a command of SQL*Plus ends that begins at `at`, the beginning of a line between statements: with its line, or
 * the next one behind a `-`, or at its `;`. `undefined` if there is none.
 */
export function endOfClientLine(sql: string, at: number): number | undefined {
  if (!/^[ \t]*$/.test(sql.slice(sql.lastIndexOf('\n', at - 1) + 1, at))) return undefined;
  COMMAND.lastIndex = at;
  const command = COMMAND.exec(sql)?.[0];
  if (command === undefined) return undefined;
  const end = endOfLine(sql, at);
  // a text of one line may have lost its others
  if (FREE_TEXT.test(command) && end < sql.length) return end;
  const semicolon = sql.indexOf(';', at);
  return semicolon < 0 || semicolon > end ? end : semicolon;
}

function endOfLine(sql: string, at: number): number {
  let end = sql.indexOf('\n', at);
  while (end > 0 && /-[ \t]*\r?$/.test(sql.slice(Math.max(at, end - MOST_BLANKS), end)))
    end = sql.indexOf('\n', end + 1);
  return end < 0 ? sql.length : end;
}

/** Characters behind the `-` in its line. */
const MOST_BLANKS = 20;
