import { CatalogBusy, ForeignAnswer, TransientError } from '../../errors/index.js';
import { codeOf } from './network-outcome.js';
import { httpStatusOf, OutOfTime } from './outcome.js';

/**
 * How a call ended that the server may have acted on. `answered`: with an error of the server, which is done with it.
 * `interrupted`: with a connection, this one or that of a proxy. `given up`: nobody waited for the answer any longer,
 * so that the server may still be at work on it.
 */
export type UnclearEnd = 'answered' | 'interrupted' | 'given up';

/** A proxy lost the server behind it. */
const LOST: ReadonlySet<number> = new Set([502, 520]);
/** It waits no longer for it. */
const GIVEN_UP: ReadonlySet<number> = new Set([504, 524]);
const SILENT: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** Undefined for an error that tells that nothing was done: a refusal, "slow down", what answers in its place. */
export function unclearEnd(error: unknown): UnclearEnd | undefined {
  if (!(error instanceof TransientError) || error instanceof CatalogBusy || error instanceof ForeignAnswer)
    return undefined;
  const status = httpStatusOf(error);
  if (status !== undefined) return GIVEN_UP.has(status) ? 'given up' : LOST.has(status) ? 'interrupted' : 'answered';
  return error.cause instanceof OutOfTime || SILENT.has(codeOf(error.cause)) ? 'given up' : 'interrupted';
}
