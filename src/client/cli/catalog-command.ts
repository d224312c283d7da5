import { resolve } from 'node:path';
import { writePrivateFile } from '../../reach/index.js';
import { startLocalCatalog } from '../../local-catalog/index.js';
import type { CatalogFlags } from './catalog.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { onLeave } from './leaving.js';
import type { Terminal } from './terminal.js';

/**
 * Serves the local catalog until a signal. Its token goes to a file that only this user can read, for recipes to name.
 */
export async function catalogCommand(flags: CatalogFlags, terminal: Terminal): Promise<ExitCode> {
  const file = resolve(flags.file);
  const catalog = await startLocalCatalog({
    file,
    port: flags.port,
    host: flags.host,
    as: flags.as,
    logger: { info: () => undefined, warn: (message) => terminal.err(message) },
  });
  // who reads the address may stop it at once
  const left = new Promise<void>((leave) => onLeave(() => leave()));
  try {
    const tokenFile = `${file}.token`;
    writeTokenFile(tokenFile, catalog.token);
    terminal.out(`catalog    ${catalog.url}`);
    terminal.out(`hostPort   ${catalog.hostPort}`);
    terminal.out(`jwtToken   ${tokenFile}`);
    terminal.err(
      'Recipes name hostPort and jwtToken as above (the path of the token file will do). Ctrl-C stops the catalog.'
    );
    await left;
  } finally {
    await catalog.close();
  }
  return EXIT.success;
}

/** Writes a token where only this user can read it, whatever the file's mode was before. */
export function writeTokenFile(file: string, token: string): void {
  writePrivateFile(file, token);
}
