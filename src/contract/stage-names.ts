import { KIND_NAMES, KINDS, type WorkflowKind } from './kinds.js';
import type { Merged } from './merged.js';

type StageNames = { readonly prepare: 'prepare' } & Merged<(typeof KINDS)[WorkflowKind]['stages']>;

/**
 * Folders of a run's staged slices, of every kind, in the order of stages. Names are part of the staged format: a run
 * that resumes on a newer worker looks for them. Kinds that do the same work share a name.
 */
export const STAGES = Object.fromEntries([
  ['prepare', 'prepare'],
  ...KIND_NAMES.flatMap((kind) => Object.entries<string>(KINDS[kind].stages)),
]) as unknown as StageNames; // the compiler can't follow names through entries

export type StageName = (typeof STAGES)[keyof typeof STAGES];

/** Slice of stages that have only one. */
export const ONE = '0';

export const RECIPE_DOCUMENT = 'recipe';
