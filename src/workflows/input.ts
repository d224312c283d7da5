import { ApplicationFailure } from '@temporalio/workflow';
import { beginning } from '../contract/beginning.js';
import type { WorkflowKind } from '../contract/kinds.js';
import type { RecipeInput, RunIdentity, RunPlan } from '../contract/run-plan.js';
import type { PartReport } from '../contract/part-report.js';

/**
 * The one argument of every workflow, the same from the Temporal UI, the `temporal` CLI, a schedule and code.
 * `Kept` is what a kind remembers from stage to stage.
 */
export interface WorkflowInput<Kept = unknown> extends RecipeInput {
  /**
   * Anchor of time windows instead of the start, ISO 8601 (`2026-11-22` or `2026-11-22T03:00:00Z`); UTC unless it says
   * otherwise.
   */
  readonly asOf?: string;
  /** For data quality: names of test cases, of definitions or of tables; only these run. */
  readonly only?: readonly string[];
  /** Set by a run that continues as the kind of its recipe: the kind that it was started as. Not for users. */
  readonly askedFor?: WorkflowKind;
  /** Set by a run that continues as new; not for users. */
  readonly continued?: Continued<Kept>;
}

/** What a run that continues as new brings along. Small: each continuation stores it. */
export interface Continued<Kept> {
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
  /** How often it has started again on another store. */
  readonly relocations: number;
  readonly paused: boolean;
  readonly cursor: StageCursor;
  readonly kept: Kept;
  /** What its stages have counted. */
  readonly part: PartReport;
}

/** The stage to continue in, and its next unit. */
export interface StageCursor {
  readonly stage: string;
  readonly unit: number;
}

const HOW =
  'Type {"recipePath": "mysql.yaml"} (a file in the worker\'s recipes folder), {"recipeYaml": "…"} or {"recipe": {…}}.';
const KEYS = new Set(['recipePath', 'recipeYaml', 'recipe', 'asOf', 'only', 'askedFor', 'continued']);

/**
 * Checks the input, which people type.
 * @throws ApplicationFailure of type RecipeError that says what to type; the run fails at once.
 */
export function checkInput<Kept>(input: unknown): WorkflowInput<Kept> {
  if (input === undefined || input === null) throw badInput(`The workflow got no input. ${HOW}`);
  if (typeof input !== 'object' || Array.isArray(input)) {
    const found = Array.isArray(input) ? 'an array' : `a ${typeof input}`;
    throw badInput(`The workflow's input is ${found}, not one JSON object. ${HOW}`);
  }
  const unknown = Object.keys(input).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) throw badInput(`The workflow's input has the unknown key ${shown(unknown[0])}. ${HOW}`);
  const given = ['recipePath', 'recipeYaml', 'recipe'].filter((key) => key in input);
  if (given.length !== 1) {
    throw badInput(
      `The workflow's input names ${given.length === 0 ? 'no recipe' : given.join(' and ')}; one is needed. ${HOW}`
    );
  }
  for (const key of ['recipePath', 'recipeYaml', 'asOf'] as const) {
    const value: unknown = (input as Record<string, unknown>)[key];
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw badInput(`${key} must be text. ${HOW}`);
  }
  const only: unknown = (input as Record<string, unknown>)['only'];
  if (only !== undefined && !(Array.isArray(only) && only.every((name) => typeof name === 'string' && name !== '')))
    throw badInput('only must be a list of texts: names of test cases, of test definitions or of tables.');
  const checked = input as WorkflowInput<Kept>;
  if (checked.asOf !== undefined && Number.isNaN(parseAsOf(checked.asOf))) {
    throw badInput(`asOf is ${shown(checked.asOf)}, not a date such as 2026-11-22 or 2026-11-22T03:00:00Z.`);
  }
  return checked;
}

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds since the epoch, NaN for anything that isn't a date. A time without a zone is UTC, wherever the worker
 * runs.
 */
export function parseAsOf(asOf: string): number {
  const match = ISO_8601.exec(asOf);
  if (match === null) return NaN;
  return Date.parse(match[1] !== undefined && match[4] === undefined ? `${asOf}Z` : asOf);
}

/** The recipe part of the input, without what only the workflow reads. */
export function recipeOf({ recipePath, recipeYaml, recipe }: RecipeInput): RecipeInput {
  if (recipePath !== undefined) return { recipePath };
  return recipeYaml !== undefined ? { recipeYaml } : { recipe };
}

/**
 * For failures that answer people rather than reveal a bug: in the Temporal UI a stack trace would bury their message.
 */
export function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}

/** What was typed, as far as a message repeats it. */
function shown(text: string | undefined): string {
  return JSON.stringify(text !== undefined && text.length > 100 ? `${beginning(text, 100)}…` : text);
}

function badInput(message: string): ApplicationFailure {
  return withoutStack(ApplicationFailure.create({ type: 'RecipeError', nonRetryable: true, message }));
}
