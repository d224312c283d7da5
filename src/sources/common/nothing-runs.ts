import { NothingRuns, PermanentError } from '../../errors/index.js';

/** A connection that can't be replaced says nothing of the statement that needs it. @throws always */
export function asNothingRuns(error: unknown): never {
  if (!(error instanceof PermanentError)) throw error;
  const { message, where, remedy } = error;
  throw new NothingRuns(message, {
    ...(where === undefined ? {} : { where }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}
