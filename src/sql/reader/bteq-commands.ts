import { pairBrackets } from './lexer.js';
import type { Token, TokenList } from './token.js';

const MAY_HAVE_SOME = /(?:^|\n)[ \t]*\.[a-z]/i;
/** Of Teradata's BTEQ, and of its tools that load. */
const COMMANDS: ReadonlySet<string> = new Set(
  `abort accept autokeyretry begin bypass cnum compile configretry csvjson date decimaldigits defaults dispatch display
   dml echoreq else elseif encryption end endif erroronwarning errorlevel errorout exit export field filler foldline footing format
   formcharto fullyear goto halt hang heading help if import indicdata indicatormode insert json label largedatamode
   layout logdata logmech logoff logon logontable logtable lobcolumns message null omit os pack pageformat
   pagelength quiet quit recordlength recordmode remark repeat repeatstop retcancel retlimit retry route rtitle run
   separator session sessions set show sidetitles sitecall skipdouble skipline suppress system tdp titledashes tso
   underline unset version width`
    .trim()
    .split(/\s+/)
);

/**
 * Without BTEQ's commands, which begin with a dot in a line of their own and end with it where they have no `;`: `.IF
 * ERRORCODE <> 0 THEN .GOTO x`. SQL behind its THEN stays.
 */
export function withoutCommands(list: TokenList): TokenList {
  if (!MAY_HAVE_SOME.test(list.sql)) return list;
  const tokens: Token[] = [];
  for (let at = 0; at < list.tokens.length; at += 1) {
    const token = list.tokens[at];
    if (token === undefined) break;
    if (!/^;?$/.test(tokens.at(-1)?.word ?? '') || !isCommand(list, at)) tokens.push(token);
    else at = endOfCommand(list, at) - 1;
  }
  return tokens.length === list.tokens.length ? list : { ...list, tokens, closes: pairBrackets(tokens).closes };
}

function isCommand({ sql, tokens }: TokenList, at: number): boolean {
  const [dot, name] = [tokens[at], tokens[at + 1]];
  if (dot?.word !== '.' || name?.start !== dot.end || !COMMANDS.has(name.word)) return false;
  return /(?:^|\n)[ \t]*$/.test(sql.slice(Math.max(0, dot.start - MOST_INDENTED), dot.start));
}

/** Characters in front of a command in its line. */
const MOST_INDENTED = 100;

/** Behind its line, or at its `;`, or at the SQL behind its THEN. */
function endOfCommand({ sql, tokens }: TokenList, from: number): number {
  const start = tokens[from]?.start ?? 0;
  const newline = sql.indexOf('\n', start);
  const line = newline < 0 ? sql.length : newline;
  let at = from + 1;
  for (; at < tokens.length && (tokens[at]?.start ?? 0) < line; at += 1) {
    const { word } = tokens[at] ?? { word: '' };
    if (word === ';') return at;
    const next = tokens[at + 1];
    if (word === 'then' && next !== undefined && next.word !== '.' && next.start < line) return at + 1;
  }
  return at;
}
