import type { WorkflowKind } from '../contract/kinds.js';
import type { RecipeOf } from '../recipe/index.js';
import { qualityWork } from './data-quality/index.js';
import { lineageWork } from './lineage/index.js';
import { metadataWork } from './metadata/index.js';
import { profilerWork } from './profiler/index.js';
import type { KindWork } from './run/kind-work.js';
import { usageWork } from './usage/index.js';

/** The work of every kind in contract/kinds.ts outside its workflow; the compiler asks for one that is missing. */
export const KIND_WORK = {
  metadata: metadataWork,
  lineage: lineageWork,
  profiler: profilerWork,
  usage: usageWork,
  'data-quality': qualityWork,
} satisfies { readonly [Kind in WorkflowKind]: KindWork<RecipeOf<Kind>> };

export function workOf<Kind extends WorkflowKind>(kind: Kind): KindWork<RecipeOf<Kind>> {
  const all: { readonly [Each in WorkflowKind]: KindWork<RecipeOf<Each>> } = KIND_WORK;
  return all[kind];
}
