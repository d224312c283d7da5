import { Option, type Command } from 'commander';
import type { Release } from '../../local-catalog/index.js';
import type { CommandContext } from './command-context.js';
import { wholeNumber } from './worker-flags.js';

/** Repeated here, because the catalog itself is only loaded when it is asked for. */
const RELEASES: readonly Release[] = ['1.13', '2.0', '2.1'];
const DEFAULT_RELEASE: Release = '2.0';

export interface CatalogFlags {
  readonly port: number;
  readonly host: string;
  readonly file: string;
  readonly as: Release;
}

/** `om-ingest catalog` */
export function registerCatalog(program: Command, context: CommandContext): void {
  program
    .command('catalog')
    .description('serve the local catalog, a small OpenMetadata-compatible server, until Ctrl-C')
    .addOption(
      new Option('--port <port>', 'port to listen on, 0 for any free one').argParser(wholeNumber).default(8585)
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--file <file>',
      "database file; its bearer token is kept in FILE's neighbour FILE.token",
      '.om-ingest/catalog.db'
    )
    .addOption(
      new Option('--as <release>', "play this line of OpenMetadata's releases (docs/openmetadata.md)")
        .choices(RELEASES)
        .default(DEFAULT_RELEASE)
    )
    .action(async (flags: CatalogFlags) => {
      const { catalogCommand } = await import('./catalog-command.js');
      context.finish(await catalogCommand(flags, context.terminal));
    });
}
