import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PermanentError } from '../../errors/index.js';
import { exitCode } from '../../report/index.js';
import { redact } from '../../secrets/index.js';
import { readWorkerSettings } from '../../worker/settings.js';
import { accountPage } from '../account/account-page.js';
import { accountText } from '../account/account-text.js';
import { runAccount } from '../account/run-account.js';
import { createClient } from '../ingestion-client.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { ReportFlags } from './report.js';
import type { Terminal } from './terminal.js';

/**
 * Prints or writes what is known about a run that is over. @returns what `run` would have exited with; 0 with --html
 */
export async function reportCommand(id: string, flags: ReportFlags, terminal: Terminal): Promise<ExitCode> {
  const { taskQueue } = readWorkerSettings(process.env, {});
  const client = await createClient({ taskQueue });
  try {
    const account = await runAccount(client, id);
    if (flags.html !== undefined) {
      await write(flags.html, redact(accountPage(account)));
      terminal.out(resolve(flags.html));
      return EXIT.success;
    }
    if (flags.json === true) terminal.out(redact(JSON.stringify(account)));
    else terminal.outText(redact(accountText(account)));
    return exitCode(account.report);
  } finally {
    await client.close();
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PermanentError(`The page can't be written: ${reason}`, {
      where: file,
      remedy: 'Name a file in a folder that is there and may be written to.',
    });
  }
}
