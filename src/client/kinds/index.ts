import type { WorkflowKind } from '../../contract/kinds.js';
import type { RecipeOf } from '../../recipe/index.js';
import type { KindCommands } from './kind-commands.js';
import { dataQualityCommands } from './data-quality.js';
import { lineageCommands } from './lineage.js';
import { metadataCommands } from './metadata.js';
import { profilerCommands } from './profiler.js';
import { usageCommands } from './usage.js';

export type { CheckedFile, PlanOptions, RecipePlan } from './kind-commands.js';

/** What the commands do for each kind; the compiler asks for a missing one. */
const COMMANDS: { readonly [Kind in WorkflowKind]: KindCommands<RecipeOf<Kind>> } = {
  metadata: metadataCommands,
  lineage: lineageCommands,
  profiler: profilerCommands,
  usage: usageCommands,
  'data-quality': dataQualityCommands,
};

export function commandsOf<Kind extends WorkflowKind>(kind: Kind): KindCommands<RecipeOf<Kind>> {
  return COMMANDS[kind];
}
