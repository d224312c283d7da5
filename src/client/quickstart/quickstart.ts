import { EXIT, type ExitCode } from '../cli/exit-codes.js';
import { errorText, exitCodeOf } from '../cli/error-text.js';
import { guardOutput } from '../cli/process-output.js';
import { processTerminal } from '../cli/terminal.js';
import { runQuickstart } from './run-quickstart.js';

const terminal = processTerminal();

async function main(): Promise<ExitCode> {
  const unknown = process.argv.slice(2).filter((word) => word !== '--exit');
  if (unknown.length > 0) {
    terminal.err(`quickstart knows the flag --exit only (leave after the report), not ${unknown.join(' ')}`);
    return EXIT.failed;
  }
  try {
    return await runQuickstart({ stay: !process.argv.includes('--exit') }, terminal);
  } catch (error) {
    terminal.errText(errorText(error), terminal.colors.red('error:'));
    return exitCodeOf(error);
  }
}

const output = guardOutput();
const code = await main();
await output.flushed();
// what is pending in the SDK must not hold it up
process.exit(code);
