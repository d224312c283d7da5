import { hangingText, IngestionError, RecipeError } from '../../errors/index.js';
import { redact } from '../../secrets/index.js';
import { RecipeRefusedError, RunFailedError } from '../run-errors.js';
import { ScheduleError } from '../schedules/schedule-error.js';
import { NoTemporalServerError } from '../temporal-server/no-temporal-server-error.js';
import { TemporalSettingsError } from '../../worker/temporal-settings-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** Errors that have lines of their own; others' words were put into them by `harmlessLine`. */
const OWN_LINES = [IngestionError, RecipeRefusedError, RunFailedError, ScheduleError, NoTemporalServerError] as const;
const INDENT = 2;

/** One clear message for people. The stack is added only when DEBUG is set. */
export function errorText(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  const debug = env.DEBUG !== undefined && env.DEBUG !== '';
  const stack = debug && error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : '';
  const text =
    error instanceof IngestionError ? error.describe() : error instanceof Error ? error.message : String(error);
  const isOwn = OWN_LINES.some((type) => error instanceof type);
  return redact(`${isOwn ? text : hangingText(text, INDENT)}${stack === '' ? '' : hangingText(stack, INDENT)}`);
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RecipeError || error instanceof RecipeRefusedError) return EXIT.badRecipe;
  if (error instanceof NoTemporalServerError || error instanceof TemporalSettingsError) return EXIT.noTemporalServer;
  return EXIT.failed;
}
