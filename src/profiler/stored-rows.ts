import { PermanentError } from '../errors/index.js';
import {
  sensitiveColumns,
  type OpenMetadataClient,
  type ProfiledTableRecord,
  type ProfilerSettings,
} from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';

/**
 * The columns that rows of the table may show, where rows are wanted and not of all columns: those that OpenMetadata
 * has may be from before that was so.
 */
export function mayStillShow(
  table: ProfiledTableRecord,
  recipe: ProfilerRecipe,
  server: ProfilerSettings | undefined
): readonly string[] | undefined {
  if (!recipe.source.sourceConfig.config.generateSampleData) return undefined;
  if (!storesRows(server)) return [];
  const hidden = sensitiveColumns(table);
  if (hidden.size === 0) return undefined;
  return table.columns.map(({ name }) => name).filter((name) => !hidden.has(name));
}

/** The server's own settings allow rows to be read and kept. */
export function storesRows(server: ProfilerSettings | undefined): boolean {
  const { storeSampleData = true, readSampleData = true } = server?.sampleDataConfig ?? {};
  return storeSampleData && readSampleData;
}

/** What `emptyStoredRows` works with. */
export interface StoredRows {
  readonly client: Pick<OpenMetadataClient, 'profiles'>;
  readonly recorder: Pick<PartRecorder, 'failure'>;
  readonly signal: AbortSignal;
}

/** Rows of a table without columns and rows: they replace what OpenMetadata has. */
export const NO_ROWS = { columns: [], rows: [] } as const;

/**
 * Empties rows of earlier runs in which there is a column that may not be shown any more, whatever becomes of the
 * table in this run.
 */
export async function emptyStoredRows(
  { id, fullyQualifiedName: fqn }: Pick<ProfiledTableRecord, 'id' | 'fullyQualifiedName'>,
  mayShow: readonly string[],
  { client, recorder, signal }: StoredRows
): Promise<void> {
  try {
    const stored = await client.profiles.sampleColumns(id, { signal });
    if (stored.some((name) => !mayShow.includes(name)))
      await client.profiles.putSampleData(id, JSON.stringify(NO_ROWS), { signal });
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.failure('sink', fqn, `Its rows that may not be shown any more could not be emptied: ${error.describe()}`);
  }
}
