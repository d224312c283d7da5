import type { SqlServer, SqlSession } from '../../sql/index.js';
import type { SqlMode } from './thread-modes.js';

/** How a thread's session reads a text, as far as it makes a difference to this one: to most texts none does. */
export function readUnder(
  body: string,
  { pipes, quotes, backslashes }: SqlMode,
  server: SqlServer
): SqlSession | undefined {
  const hasQuotes = quotes && body.includes('"');
  const isPlain = backslashes && body.includes('\\');
  // names in double quotes tell of ANSI_QUOTES only, which is mostly set by sql_mode ANSI, and with it the pipes
  const hasPipes = (pipes || quotes) && body.includes('||');
  const hasCode = body.includes('/*!') || body.includes('/*M!');
  if (!hasQuotes && !isPlain && !hasPipes && !hasCode) return undefined;
  return {
    ...(hasPipes ? { pipesAsConcat: pipes } : {}),
    ...(hasQuotes ? { ansiQuotes: true } : {}),
    ...(isPlain ? { plainBackslashes: true } : {}),
    ...(hasCode ? { server } : {}),
  };
}
