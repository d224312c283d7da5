import type { WorkflowKind } from '../contract/kinds.js';
import type { RecipeOf } from '../recipe/index.js';
import { prepareTests } from './data-quality/prepare-tests.js';
import { prepareLineage } from './lineage/prepare-lineage.js';
import { prepareMetadata } from './metadata/prepare-metadata.js';
import { prepareProfiler } from './profiler/prepare-profiler.js';
import type { KindPreparation } from './run/kind-preparation.js';
import { prepareUsage } from './usage/prepare-usage.js';

/** What each kind does in prepareRun; the compiler asks for a missing one. */
const PREPARATIONS: { readonly [Kind in WorkflowKind]: KindPreparation<RecipeOf<Kind>> } = {
  metadata: prepareMetadata,
  lineage: prepareLineage,
  profiler: prepareProfiler,
  usage: prepareUsage,
  'data-quality': prepareTests,
};

export function preparationOf<Kind extends WorkflowKind>(kind: Kind): KindPreparation<RecipeOf<Kind>> {
  return PREPARATIONS[kind];
}
