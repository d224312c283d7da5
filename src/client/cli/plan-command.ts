import type { StateStore } from '../../staging/index.js';
import { earlierState } from '../../worker/open-staging.js';
import { readWorkerSettings, type WorkerSettings } from '../../worker/settings.js';
import { redact, redactValues } from '../../secrets/index.js';
import { workOf } from '../../activities/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { onLeave, type Leaving } from './leaving.js';
import type { PlanFlags } from './plan.js';
import { readRecipeFile } from './recipe-argument.js';
import type { Terminal } from './terminal.js';

/** Prints what a run would change. @returns 1 when something in the source could not be read */
export async function planCommand(recipe: string, flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = readWorkerSettings(process.env, { recipesDir: flags.recipes, staging: flags.staging });
  const { recipesDir } = settings;
  const checked = readRecipeFile(recipe, recipesDir);
  const warn = (text: string): void => terminal.err(redact(text), terminal.colors.yellow('warning:'));
  checked.warnings.forEach(warn);
  const leaving = new AbortController();
  let left: Leaving | undefined;
  const stopListening = onLeave((signal) => {
    left = signal;
    leaving.abort();
  });
  try {
    const plan = await workOf(checked.recipe.kind).commands.plan(checked, {
      limit: flags.limit,
      sql: flags.sql === true,
      signal: leaving.signal,
      state: await keptState(settings, warn),
      onWarning: warn,
      onUnit: (done, units) => {
        if (units > 1 && flags.json !== true) terminal.err(`read ${done}/${units}`);
      },
    });
    if (flags.json === true) terminal.out(JSON.stringify(redactValues(plan.data)));
    else terminal.outText(redact(plan.text));
    return plan.incomplete ? EXIT.partialSuccess : EXIT.success;
  } catch (error) {
    if (left === undefined) throw error;
    return left.signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  } finally {
    stopListening();
  }
}

/** A plan goes without it. */
async function keptState(settings: WorkerSettings, warn: (text: string) => void): Promise<StateStore | undefined> {
  try {
    return await earlierState(settings);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
