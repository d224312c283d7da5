// Written by `npm run kinds` from src/contract/kinds.ts: do not edit.

import type { WorkflowKind } from '../../contract/kinds.js';
import { metadataModel } from './metadata.js';
import { lineageModel } from './lineage.js';
import { usageModel } from './usage.js';
import { profilerModel } from './profiler.js';
import { dataQualityModel } from './data-quality.js';

/** The recipe model of each kind. */
export const KIND_MODELS = {
  metadata: metadataModel,
  lineage: lineageModel,
  usage: usageModel,
  profiler: profilerModel,
  'data-quality': dataQualityModel,
} as const satisfies Readonly<Record<WorkflowKind, unknown>>;
