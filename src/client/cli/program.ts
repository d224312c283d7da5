import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { registerCancel } from './cancel.js';
import { registerPause } from './pause.js';
import { registerCatalog } from './catalog.js';
import { registerCheck } from './check.js';
import { loadConnectorModules } from './connector-modules.js';
import { errorText, exitCodeOf } from './error-text.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { registerExplain } from './explain.js';
import { registerReport } from './report.js';
import { registerRun } from './run.js';
import { registerPlan } from './plan.js';
import { registerSchedule } from './schedule.js';
import { registerSetup } from './setup.js';
import { registerStatus } from './status.js';
import { registerTemporal } from './temporal.js';
import type { Terminal } from './terminal.js';
import { registerValidate } from './validate.js';
import { registerWorker } from './worker.js';
import type { CommandContext } from './command-context.js';

/**
 * Runs one command line.
 *
 * @param argv the words after `om-ingest`
 * @returns the exit code; messages have been printed
 */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.success;
  const program = createProgram({ terminal, finish: (chosen) => (code = chosen) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // commander has printed its own message: help and version exit with 0, a wrong flag with our code for "could not"
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.failed;
    terminal.errText(errorText(error), terminal.colors.red('error:'));
    return exitCodeOf(error);
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command('om-ingest')
    .description("Runs OpenMetadata's external ingestion as Temporal workflows, from YAML recipes.")
    .version(packageVersion())
    .showHelpAfterError('(`om-ingest help COMMAND` shows what is possible)')
    .exitOverride()
    .hook('preAction', () => loadConnectorModules(process.env))
    .configureOutput({
      writeOut: (text) => context.terminal.outText(text.trimEnd()),
      writeErr: (text) => context.terminal.errText(text.trimEnd()),
    });
  for (const register of [
    registerRun,
    registerWorker,
    registerCatalog,
    registerTemporal,
    registerValidate,
    registerCheck,
    registerStatus,
    registerReport,
    registerExplain,
    registerCancel,
    registerPause,
    registerPlan,
    registerSchedule,
    registerSetup,
  ]) {
    register(program, context);
  }
  program.addHelpText(
    'after',
    [
      '',
      'Exit codes: 0 success, 1 partial success, 2 failed, 3 bad recipe, 4 no Temporal server.',
      'Where Temporal is: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* or temporal.toml, as for `temporal`.',
    ].join('\n')
  );
  return program;
}

function packageVersion(): string {
  const file = new URL('../../../../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
