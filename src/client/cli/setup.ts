import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import type { CommandContext } from './command-context.js';

/** `om-ingest setup`: registers search attributes, once per namespace. */
export function registerSetup(program: Command, context: CommandContext): void {
  program
    .command('setup')
    .description('register the search attributes OmService, OmPipeline, OmWorkflow, OmState; optional, may be repeated')
    .action(async () => {
      const { createClient } = await import('../ingestion-client.js');
      const { setUpSearchAttributes } = await import('../set-up.js');
      const client = await createClient();
      try {
        const { added, kept } = await setUpSearchAttributes(client.temporal);
        if (added.length > 0) context.terminal.out(`registered: ${added.join(', ')}`);
        if (kept.length > 0) context.terminal.out(`there already: ${kept.join(', ')}`);
        context.finish(EXIT.success);
      } finally {
        await client.close();
      }
    });
}
