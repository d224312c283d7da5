import { PermanentError } from '../../errors/index.js';
import type { Connections, StagedRecipe } from '../../run-context/index.js';
import { findSource, type Source, type SourceContext } from '../../sources/index.js';

/** A query log as a kind reads it. */
export interface LogOfKind<Log> {
  /** CSV files instead of the source's own log. */
  readonly filePath: string | undefined;
  readonly ofFiles: (filePath: string, context: SourceContext) => Promise<Log>;
  readonly ofSource: (source: Source) => ((config: unknown, context: SourceContext) => Promise<Log>) | undefined;
  /** What to do where the source has none. */
  readonly remedy: string;
}

/** @throws PermanentError when the source has no log and the recipe names no files, and what opening them throws */
export async function openLog<Log>(
  connections: Connections,
  staged: StagedRecipe,
  context: SourceContext,
  { filePath, ofFiles, ofSource, remedy }: LogOfKind<Log>
): Promise<Log> {
  if (filePath !== undefined) return ofFiles(filePath, context);
  const { type } = staged.recipe.source;
  const open = ofSource(findSource(type));
  if (open === undefined) throw new PermanentError(`${type} has no query log.`, { where: 'source.type', remedy });
  return open((await connections.ofService(staged)).config, context);
}
