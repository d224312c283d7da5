// Written by `npm run kinds` from src/contract/kinds.ts: do not edit.

import type { WorkflowKind } from '../contract/kinds.js';
import type { RecipeOf } from '../recipe/index.js';
import type { KindWork } from './run/kind-work.js';
import { metadataWork } from './metadata/index.js';
import { lineageWork } from './lineage/index.js';
import { usageWork } from './usage/index.js';
import { profilerWork } from './profiler/index.js';
import { dataQualityWork } from './data-quality/index.js';

/** The work of each kind outside its workflow. */
export const KIND_WORK = {
  metadata: metadataWork,
  lineage: lineageWork,
  usage: usageWork,
  profiler: profilerWork,
  'data-quality': dataQualityWork,
} satisfies { readonly [Kind in WorkflowKind]: KindWork<RecipeOf<Kind>> };
