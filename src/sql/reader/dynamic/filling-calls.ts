import { mayFill } from './calls-in-expressions.js';
import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import { isName } from '../names.js';

/** Variables, in lower case, that get a value that isn't read. */
export interface Fill {
  readonly names: readonly string[];
  /** Where they get it; a call has its arguments before it fills them. */
  readonly at?: number;
}

export const NO_FILL: Fill = { names: [] };

/** What PL/SQL's statements stand behind. */
const STARTS: ReadonlySet<string> = new Set('; begin then else loop >>'.split(' '));
/** Oracle's own procedures that are told what they are given, and fill nothing. */
const TELLS = new RegExp(
  '^(?:sys\\.)?(?:dbms_output\\.put(?:_line)?|dbms_stats\\.gather_\\w+|dbms_application_info\\.set_\\w+|' +
    'dbms_session\\.(?:set_\\w+|clear_\\w+|sleep)|dbms_lock\\.sleep|dbms_mview\\.refresh|dbms_snapshot\\.refresh|' +
    'dbms_scheduler\\.(?:create_job|run_job|drop_job|stop_job|enable|disable|set_attribute)|dbms_sql\\.parse|' +
    'dbms_utility\\.exec_ddl_statement|utl_file\\.(?:put|put_line|putf|put_nchar|put_line_nchar|fremove|frename|fcopy)|' +
    'raise_application_error)$'
);

/**
 * Of PL/SQL's `p(a, x => b);` at `index`, which needs no CALL, and of functions in its expressions: only a variable
 * that stands alone can be filled.
 */
export function filledByCall(cursor: Cursor, index: number): Fill {
  if (!isName(cursor.token(index))) return NO_FILL;
  let open = index + 1;
  while (cursor.token(open).word === '.') open += 2;
  if (cursor.token(open).word !== '(' || cursor.token(index).word === 'return') return NO_FILL;
  const close = cursor.closeOf(open);
  const procedure = cursor.tokens.slice(index, open).map(({ text }) => text.toLowerCase());
  const name = procedure.join('');
  const isStatement = STARTS.has(cursor.token(index - 1).word) && cursor.token(close + 1).word === ';';
  if (!isStatement && !mayFill(cursor, index, name)) return NO_FILL;
  if (TELLS.test(name) || onlyReads(cursor, name)) return NO_FILL;
  const names: string[] = [];
  for (let at = open + 1; at < close; at += 1) {
    const isAlone = /^(?:[(,:>]|=>)$/.test(cursor.token(at - 1).word) && /^[,)]$/.test(cursor.token(at + 1).word);
    if (isAlone && isName(cursor.token(at))) names.push(cursor.token(at).text.toLowerCase());
    else if (cursor.token(at).word === '(') at = cursor.closeOf(at);
  }
  return { names, at: close };
}

const declaredIn = oncePerText(allDeclared);

/** A procedure or function that the text itself declares, without OUT among its parameters. */
function onlyReads(cursor: Cursor, procedure: string): boolean {
  return declaredIn(cursor).get(procedure) === true;
}

function allDeclared(cursor: Cursor): ReadonlyMap<string, boolean> {
  const all = new Map<string, boolean>();
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    if (!/^(?:procedure|function)$/.test(cursor.token(index).word) || cursor.token(index + 2).word !== '(') continue;
    const name = cursor.token(index + 1).text.toLowerCase();
    const close = cursor.closeOf(index + 2);
    const parameters = cursor.tokens.slice(index + 3, close);
    all.set(name, all.get(name) !== false && !parameters.some(({ word }) => word === 'out'));
  }
  return all;
}
