/**
 * Keys of recipes that OpenMetadata's pipelines don't take: they have connections of their own for each service, and
 * the profiler's no `generateSampleData`.
 */
const OF_RECIPES: ReadonlySet<string> = new Set(['serviceConnections', 'generateSampleData']);

/** The `sourceConfig.config` of a recipe as its pipeline in OpenMetadata has it. */
export function pipelineConfig(config: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !OF_RECIPES.has(key)));
}
