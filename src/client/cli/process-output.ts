import type { Output } from './terminal.js';

/** What became of the process's own output. */
export interface ProcessOutput {
  /** Why output of this command was lost, other than because a reader left; undefined when none was. */
  failure(): Error | undefined;
  /** Resolves when all output is written, or lost. */
  flushed(): Promise<void>;
}

/**
 * Lets a command outlive the readers of its output. One that leaves early (`om-ingest check … | head`) ends the output,
 * not the command: otherwise a run on this process's worker would stop silently, and without a status in OpenMetadata.
 */
export function guardOutput(streams: readonly Output[] = [process.stdout, process.stderr]): ProcessOutput {
  let failure: Error | undefined;
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') failure ??= error;
    });
  }
  return {
    failure: () => failure,
    flushed: async () => {
      for (const stream of streams) await new Promise<void>((done) => void stream.write('', () => done()));
    },
  };
}
