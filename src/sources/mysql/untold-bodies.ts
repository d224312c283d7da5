import { countWords } from '../../contract/count-words.js';
import { ON_EVERYTHING, routineRight } from './check-grants.js';
import { quotedTable, type LogTable } from './query-log-statements.js';
import type { ServerVersion } from './server-version.js';
import type { StoredBodies } from './stored-bodies.js';

/**
 * What to say of the rows of stored bodies whose schema the log and the bodies don't tell for sure.
 *
 * @param untold rows without a schema
 * @param guessed rows with a likely one
 */
export function untoldBodies(
  log: LogTable,
  version: ServerVersion,
  { seesAll, seesTriggers, hidesEvents, seesViews }: StoredBodies,
  { untold, guessed }: Readonly<Record<'untold' | 'guessed', number>>
): string {
  const rows = `${quotedTable(log)} has ${countWords(untold + guessed, 'row', 'rows')} of stored procedures, functions, triggers and events`;
  const none = `the names without a schema of ${untold} count for nothing, since nothing tells whose they are`;
  const some = `those of ${guessed} count in the likely schema: of the body that has their statement, or of the function or table that the statement before them names`;
  const parts = [...(untold > 0 ? [none] : []), ...(guessed > 0 ? [some] : [])].join('; ');
  if (!log.isOwn) return `${rows}, and bodies are not looked up for a copy of the log: ${parts}.`;
  const remedies = [
    ...(seesAll ? [] : [`${routineRight(version)} shows procedures and functions`]),
    ...(seesTriggers ? [] : [`TRIGGER ON ${ON_EVERYTHING} shows triggers`]),
    ...(hidesEvents ? [`EVENT ON ${ON_EVERYTHING} shows events`] : []),
  ];
  if (remedies.length === 0)
    return `${rows} whose statement several bodies have, or none that surely ran it: ${parts}.`;
  const behind = seesViews ? [] : [`SELECT, SHOW VIEW ON ${ON_EVERYTHING} show what is behind views`];
  return `${rows} whose bodies this account doesn't see: ${parts}. ${[...remedies, ...behind].join(', ')}.`;
}
