import type { WorkflowKind } from '../contract/kinds.js';
import type { RecipeOf } from '../recipe/index.js';
import { KIND_WORK } from './kinds.generated.js';
import type { KindWork } from './run/kind-work.js';

/** What a kind does outside its workflow. */
export function workOf<Kind extends WorkflowKind>(kind: Kind): KindWork<RecipeOf<Kind>> {
  const all: { readonly [Each in WorkflowKind]: KindWork<RecipeOf<Each>> } = KIND_WORK;
  return all[kind];
}
