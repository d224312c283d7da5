import { IngestionError } from '../../errors/index.js';
import type { CheckResult } from '../source.js';

/** What the steps of a check need from a session, whatever the engine. */
export interface CheckedSession {
  /** Host and port, or the socket. */
  readonly place: string;
  /** `TLSv1.3` and the like; undefined without TLS. */
  readonly tlsProtocol: string | undefined;
  /** Why it has no TLS if it has none. */
  readonly whyPlain: string;
  close(): Promise<void>;
}

/** The connection as the first finding, then what `steps` find with it; nothing more without a connection. */
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

/** @param oldest the oldest supported one; returns undefined when the server isn't older */
export function checkVersion(server: string, oldest: string | undefined): CheckResult {
  const base = { name: 'server version', mandatory: false } as const;
  if (oldest === undefined) return { ...base, passed: true, message: server };
  const message = `${server} is older than ${oldest}, the oldest that is supported`;
  return { ...base, passed: false, message, remedy: 'Upgrade the server.' };
}

/** The first five names, and how many more there are. */
export function firstNames(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return names.length === 0 ? 'none' : `${names.slice(0, 5).join(', ')}${more}`;
}

export function checkTls({ tlsProtocol, whyPlain }: CheckedSession): CheckResult {
  const message = tlsProtocol === undefined ? `not used: ${whyPlain}` : `on (${tlsProtocol})`;
  return { name: 'TLS', passed: true, mandatory: false, message };
}

function failedConnection(error: IngestionError): CheckResult {
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return { name: 'connection', passed: false, mandatory: true, message: error.message, error, ...remedy };
}
