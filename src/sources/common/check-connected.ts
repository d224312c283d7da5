import { IngestionError } from '../../errors/index.js';
import type { CheckResult } from '../source.js';

/** What the steps of a check need of a session, whatever the engine. */
export interface CheckedSession {
  /** Host and port, or the socket. */
  readonly place: string;
  /** `TLSv1.3` and the like; undefined without TLS. */
  readonly tlsProtocol: string | undefined;
  close(): Promise<void>;
}

/** The connection as the first finding, then what `steps` find on it; nothing more when there is no connection. */
export async function* checkConnected<Session extends CheckedSession>(
  open: () => Promise<Session>,
  username: string,
  steps: (session: Session) => AsyncIterable<CheckResult>
): AsyncGenerator<CheckResult> {
  let session: Session;
  try {
    session = await open();
  } catch (error) {
    if (!(error instanceof IngestionError)) throw error;
    yield failedConnection(error);
    return;
  }
  try {
    const message = `connected to ${session.place} as ${username}`;
    yield { name: 'connection', passed: true, mandatory: true, message };
    yield* steps(session);
  } finally {
    await session.close();
  }
}

export function checkTls({ tlsProtocol }: CheckedSession): CheckResult {
  const message = tlsProtocol === undefined ? 'not used: the recipe has no sslConfig' : `on (${tlsProtocol})`;
  return { name: 'TLS', passed: true, mandatory: false, message };
}

function failedConnection(error: IngestionError): CheckResult {
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return { name: 'connection', passed: false, mandatory: true, message: error.message, error, ...remedy };
}
