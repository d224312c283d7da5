import { EXIT } from './exit-codes.js';

/** A signal that asks this command to leave. */
export interface Leaving {
  readonly signal: 'SIGINT' | 'SIGTERM';
}

/**
 * Listens for Ctrl-C and SIGTERM. The first calls `leave`, the second ends the process at once.
 *
 * @returns stops listening
 */
export function onLeave(leave: (leaving: Leaving) => void): () => void {
  let asked = false;
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const listener = (): void => {
      if (asked) process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
      asked = true;
      leave({ signal });
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
  };
}
