import { HttpTransport, type RetryPolicy, type TransportOptions } from '../../../src/openmetadata/index.js';

/** Waits short enough for tests; jitter off, so that order and number of tries are certain. */
export const QUICK: Partial<RetryPolicy> = { baseMs: 2, maxMs: 4, random: () => 0 };

/** A JWT without a valid signature: only its claims are looked at. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature-of-the-test`;
}

export const TOKEN = jwt({ sub: 'ingestion-bot', isBot: true });

export function openTransport(hostPort: string, options: Partial<TransportOptions> = {}): HttpTransport {
  const { retry, ...others } = options;
  return new HttpTransport({
    hostPort,
    token: () => Promise.resolve(TOKEN),
    userAgent: 'mysql_metadata (service: shop; v1.0.0)',
    retry: { ...QUICK, ...retry },
    ...others,
  });
}

/** The error a promise ends with; a promise that is fulfilled fails the test. */
export async function errorOf<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => E
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`Expected a ${type.name}, but the call succeeded.`);
}
