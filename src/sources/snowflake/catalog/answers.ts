import { IngestionError } from '../../../errors/index.js';
import type { Session } from '../session/session.js';

/** The answer, or undefined when the role is refused what it asks for. @throws anything that isn't a refusal */
export async function answers<T>(session: Session, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    session.context.signal.throwIfAborted();
    if (error instanceof IngestionError && error.consequence === 'permanent') return undefined;
    throw error;
  }
}
