import type { WorkflowKind } from '../../contract/kinds.js';
import type { KindModel } from './kind-model.js';
import { dataQualityModel } from './data-quality.js';
import { lineageModel } from './lineage.js';
import { metadataModel } from './metadata.js';
import { profilerModel } from './profiler.js';
import { usageModel } from './usage.js';

export { recipeFrame, wholeRecipe } from './kind-model.js';
export type { RecipeModel } from './kind-model.js';
export type { RecipeTestCase, TestSuiteConfig } from './data-quality.js';
export type { DatabaseLineageConfig } from './lineage.js';
export type { DatabaseMetadataConfig } from './metadata.js';
export { DEFAULT_METRICS, PROFILE_METRICS } from './profiler.js';
export type { ContainerEntry, TableEntry } from './profiler.js';
export type { DatabaseUsageConfig } from './usage.js';

/** The recipe model of every kind of contract/kinds.ts; the compiler asks for a missing one. */
export const KIND_MODELS = {
  metadata: metadataModel,
  lineage: lineageModel,
  profiler: profilerModel,
  usage: usageModel,
  'data-quality': dataQualityModel,
} as const satisfies Readonly<Record<WorkflowKind, unknown>>;

type Recipes = {
  readonly [Kind in WorkflowKind]: (typeof KIND_MODELS)[Kind] extends KindModel<infer Recipe> ? Recipe : never;
};

/** A checked recipe of a kind. Secret leaves contain references. */
export type RecipeOf<Kind extends WorkflowKind> = Recipes[Kind];
