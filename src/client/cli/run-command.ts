import { readWorkerSettings } from '../../worker/settings.js';
import { exitCode, printReport, redactedReport, type RunReport } from '../../report/index.js';
import { redact } from '../../secrets/index.js';
import { followRun } from '../follow-run.js';
import { createClient, type IngestionClient } from '../ingestion-client.js';
import type { IngestionRun } from '../ingestion-run.js';
import { NoContactError, RunFailedError, RunStoppedError } from '../run-errors.js';
import { durationText, waitMs } from './durations.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { onLeave, type Leaving } from './leaving.js';
import { createProgressView } from './create-progress-view.js';
import { readLocalRecipe, readRecipeArgument, type RecipeArgument } from './recipe-argument.js';
import type { RunFlags } from './run.js';
import { printStartForm } from './start-form.js';
import type { Terminal } from './terminal.js';
import { prepareJunit, writeJunit } from './write-junit.js';

/**
 * Starts the recipe's run and follows it to its end. @returns the exit code; throws what the caller prints as one
 * message
 */
export async function runCommand(recipe: string, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = readWorkerSettings(process.env, { recipesDir: flags.recipes, taskQueue: flags.taskQueue });
  await prepareJunit(flags);
  if (flags.local === true) return runLocally(recipe, flags, terminal, settings.recipesDir);
  const startForm = flags.ui !== undefined && flags.ui !== false;
  const argument = readRecipeArgument(recipe, {
    recipesDir: settings.recipesDir,
    // a form that people fill in should hold a name rather than a whole recipe
    preferPath: startForm,
    ...(flags.kind === undefined ? {} : { kind: flags.kind }),
  });
  printWarnings(argument, terminal);
  if (startForm) {
    printStartForm(argument.reference, flags, settings.taskQueue, terminal);
    return EXIT.success;
  }
  const client = await createClient({ taskQueue: settings.taskQueue });
  try {
    const run = await start(client, argument, flags);
    if (flags.detach === true) return printStarted(run, flags, terminal);
    return await follow(client, run, recipe, flags, terminal, 'detach');
  } finally {
    await client.close();
  }
}

async function runLocally(recipe: string, flags: RunFlags, terminal: Terminal, folder: string): Promise<ExitCode> {
  if (flags.detach === true)
    throw new Error('--local and --detach exclude each other: the worker would leave with this command.');
  const { recipesDir, ...argument } = readLocalRecipe(recipe, folder);
  printWarnings(argument, terminal);
  // loads the SDK's worker, which runs elsewhere don't need
  const { startOwnStack } = await import('../own-stack.js');
  const stack = await startOwnStack({
    worker: { recipesDir, taskQueue: flags.taskQueue, logLevel: 'error', logFormat: 'pretty' },
    say: (line) => terminal.err(line),
  });
  try {
    if (flags.quiet !== true && flags.json !== true)
      terminal.err(`Temporal UI for the length of this run: ${stack.uiUrl}`);
    const run = await start(stack.client, argument, flags);
    return await follow(stack.client, run, recipe, flags, terminal, 'cancel');
  } finally {
    await stack.stop();
  }
}

function start(client: IngestionClient, argument: RecipeArgument, flags: RunFlags): Promise<IngestionRun> {
  return client.start(argument.reference, {
    ...(flags.id === undefined ? {} : { workflowId: flags.id, existing: 'attach' }),
    ...(flags.asOf === undefined ? {} : { asOf: flags.asOf }),
    ...(flags.only === undefined ? {} : { only: flags.only }),
  });
}

/** Follows the run. On a signal it leaves the run alone, or cancels it and follows it to its end. */
async function follow(
  client: IngestionClient,
  run: IngestionRun,
  recipe: string,
  flags: RunFlags,
  terminal: Terminal,
  onSignal: 'detach' | 'cancel'
): Promise<ExitCode> {
  const quiet = flags.quiet === true || flags.json === true;
  const view = createProgressView(terminal, quiet);
  const detaching = new AbortController();
  let left: Leaving | undefined;
  const stopListening = onLeave((leaving) => {
    left = leaving;
    if (onSignal === 'detach' && flags.cancelOnExit !== true) {
      detaching.abort();
      return;
    }
    view.note(`${leaving.signal}: cancelling ${run.workflowId} (once more to leave at once)`);
    run.cancel().catch((error: unknown) => view.note(`it can't be cancelled: ${String(error)}`));
  });
  if (!quiet) terminal.err(`run ${run.workflowId}`);
  const firstContactMs = waitMs(flags.wait);
  let noContact: string | undefined;
  try {
    const report = await followRun(client, run, {
      onProgress: (progress) => view.show(progress),
      onNoWorker: () =>
        view.note(
          `no worker polls ${client.taskQueue}: the run waits. Start one by \`om-ingest worker\`, or use --local.`
        ),
      onWait: (line) => view.note(`${run.workflowId} ${line}`),
      onAway: (line) => view.note(line),
      firstContactMs,
      onNoContact: (reason) => {
        noContact = reason;
        view.note(`${run.workflowId}: no first contact within ${durationText(firstContactMs)}: cancelling it`);
        run.cancel().catch((error: unknown) => view.note(`it can't be cancelled: ${String(error)}`));
      },
      signal: detaching.signal,
    });
    view.close();
    if (report === undefined) return printLeft(run, left, terminal);
    if (!quiet) terminal.err('');
    printResult(report, flags, terminal);
    await writeResults(client, recipe, report, flags, terminal);
    return exitOf(report, flags);
  } catch (error) {
    view.close();
    if (error instanceof RunStoppedError && noContact !== undefined)
      throw new NoContactError(run.workflowId, firstContactMs, noContact);
    if (error instanceof RunFailedError && error.report !== undefined) {
      if (!quiet) terminal.err('');
      printResult(error.report, flags, terminal);
      await writeResults(client, recipe, error.report, flags, terminal);
      return exitOf(error.report, flags);
    }
    if (error instanceof RunStoppedError && flags.json === true) {
      const known = await run.stoppedReport().catch(() => undefined);
      if (known !== undefined) printResult(known, flags, terminal);
    }
    throw error;
  } finally {
    stopListening();
  }
}

/** Failed tests are results and not failures of the run, unless the user asks for that. */
function exitOf(report: RunReport, flags: RunFlags): ExitCode {
  const code = exitCode(report, flags.failOnWarnings === true);
  const failed = flags.failOnTestFailure === true && (report.tests?.failed ?? 0) > 0;
  return code === EXIT.success && failed ? EXIT.partialSuccess : code;
}

/** If it can't be written, that changes the exit code but not how the run ended. */
async function writeResults(
  client: IngestionClient,
  recipe: string,
  report: RunReport,
  flags: RunFlags,
  terminal: Terminal
): Promise<void> {
  const { junit } = flags;
  if (junit === undefined) return;
  try {
    await writeJunit(client, recipe, report, { ...flags, junit }, terminal);
  } catch (error) {
    if (report.state !== 'failed') throw error;
    // it may have failed before its first test: the report says why there are no results
    const why = redact(error instanceof Error ? error.message : String(error));
    terminal.err(`no test results written to ${junit}: the run failed, see above. ${why}`);
  }
}

function printResult(report: RunReport, flags: RunFlags, terminal: Terminal): void {
  const shown = redactedReport(report);
  if (flags.json === true) terminal.out(JSON.stringify(shown));
  else terminal.outText(printReport(shown));
}

function printWarnings(argument: RecipeArgument, terminal: Terminal): void {
  for (const warning of argument.warnings) terminal.err(warning, terminal.colors.yellow('warning:'));
}

function printStarted(run: IngestionRun, flags: RunFlags, terminal: Terminal): ExitCode {
  if (flags.json === true) terminal.out(JSON.stringify({ workflowId: run.workflowId }));
  else {
    terminal.out(`run ${run.workflowId}`);
    terminal.out(`Follow it by \`om-ingest status ${run.workflowId}\`.`);
  }
  return EXIT.success;
}

function printLeft(run: IngestionRun, left: Leaving | undefined, terminal: Terminal): ExitCode {
  terminal.err(
    `${run.workflowId} continues without this command. ` +
      `Look at it by \`om-ingest status ${run.workflowId}\`, stop it by \`om-ingest cancel ${run.workflowId}\`.`
  );
  return left?.signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
}
