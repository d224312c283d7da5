import type { Dialect } from '../dialect.js';
import { withoutAbbreviations } from './abbreviations.js';
import { withoutFalseNames } from './batch-ends.js';
import { withoutCommands } from './bteq-commands.js';
import { withLobAppends } from './dynamic/lob-appends.js';
import { withEnds } from './sqlplus.js';
import type { TokenList } from './token.js';

/** What an engine has a form of its own for, in the form that is read. */
export function withoutOwnForms(list: TokenList, dialect: Dialect): TokenList {
  if (dialect === 'oracle') return withLobAppends(withEnds(list));
  if (dialect === 'tsql') return withoutFalseNames(list);
  return dialect === 'ansi' ? withoutAbbreviations(withoutCommands(list)) : list;
}
