import type { Output } from './terminal.js';

/** What became of the process's own output. */
export interface ProcessOutput {
  /** Why words of this command got lost, other than by a reader that left; undefined when none did. */
  failure(): Error | undefined;
  /** Resolves when all words are out, or lost. */
  flushed(): Promise<void>;
}

/**
 * Lets a command outlive the readers of its output. One that leaves early (`om-ingest check … | head`) ends what is
 * shown, not the command: a run on a worker of this process would otherwise stop unheard, and without a status in
 * OpenMetadata.
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
