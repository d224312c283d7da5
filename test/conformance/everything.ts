import type { MetadataOptions, Selection } from '../../src/sources/index.js';

/** Filters that leave nothing out. */
export const EVERYTHING: Selection = {
  database: () => undefined,
  schema: () => undefined,
  table: () => undefined,
  procedure: () => undefined,
};

/** Reads all kinds of entities, without the text of tables. */
export const ALL_OPTIONS: MetadataOptions = {
  includeTables: true,
  includeViews: true,
  includeStoredProcedures: true,
  includeDDL: false,
  includeTags: true,
};
