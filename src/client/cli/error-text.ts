import { IngestionError, RecipeError } from '../../errors/index.js';
import { redact } from '../../secrets/index.js';
import { RecipeRefusedError } from '../run-errors.js';
import { NoTemporalServerError } from '../temporal-server/no-temporal-server-error.js';
import { TemporalSettingsError } from '../../worker/temporal-settings-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** One clear message for people. The stack is added only when DEBUG is set. */
export function errorText(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  const text =
    error instanceof IngestionError ? error.describe() : error instanceof Error ? error.message : String(error);
  const debug = env.DEBUG !== undefined && env.DEBUG !== '';
  return redact(debug && error instanceof Error && error.stack !== undefined ? `${text}\n${error.stack}` : text);
}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RecipeError || error instanceof RecipeRefusedError) return EXIT.badRecipe;
  if (error instanceof NoTemporalServerError || error instanceof TemporalSettingsError) return EXIT.noTemporalServer;
  return EXIT.failed;
}
