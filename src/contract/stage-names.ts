/** Folders of a run's staged slices. A name is part of the staged format: a run that resumes on a newer worker looks for them. */
export const STAGES = {
  prepare: 'prepare',
  scopes: 'scopes',
  publishedScopes: 'published-scopes',
  extract: 'extract',
  publish: 'publish',
  foreignKeys: 'foreign-keys',
  deleted: 'deleted',
  views: 'views',
  windows: 'windows',
  queries: 'queries',
  parsed: 'parsed',
  merged: 'merged',
  removedViewEdges: 'removed-view-edges',
  publishedEdges: 'published-edges',
  processedViews: 'processed-views',
  profiledTables: 'profiled-tables',
  profileUnits: 'profile-units',
  profiles: 'profiles',
  publishedProfiles: 'published-profiles',
  rememberedProfiles: 'remembered-profiles',
  queryRuns: 'query-runs',
  usageRuns: 'usage-runs',
  usage: 'usage',
  publishedUsage: 'published-usage',
  tests: 'tests',
  testResults: 'test-results',
  publishedResults: 'published-results',
} as const;

export type StageName = (typeof STAGES)[keyof typeof STAGES];

/** Slice of stages that have one only. */
export const ONE = '0';

export const RECIPE_DOCUMENT = 'recipe';
