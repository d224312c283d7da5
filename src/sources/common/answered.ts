/** The part of a driver's connection that tells of its end. */
export interface EndingConnection {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  removeListener(event: 'error' | 'end', listener: (error: Error) => void): unknown;
}

export interface AnswerWait {
  readonly connection: EndingConnection;
  readonly signal?: AbortSignal;
  /** How long the answer may take, milliseconds. */
  readonly stallMs: number;
}

/**
 * A driver's answer to a question, unless the connection is lost (code LOST), the wait ends (code STALLED) or the work
 * is aborted first.
 */
export async function answered<Answer>(
  ask: (done: (error: Error | null | undefined, answer: Answer) => void) => void,
  { connection, signal, stallMs }: AnswerWait
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      connection.removeListener('error', fail);
      connection.removeListener('end', lose);
      end();
    };
    const fail = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const failAs = (code: string, message: string): void => fail(Object.assign(new Error(message), { code }));
    const abort = (): void => fail(signal?.reason);
    const lose = (): void => failAs('LOST', 'the connection ended');
    const timer = setTimeout(() => failAs('STALLED', `no answer within ${stallMs} ms`), stallMs);
    signal?.addEventListener('abort', abort, { once: true });
    connection.on('error', fail);
    connection.on('end', lose);
    if (signal?.aborted === true) return abort();
    ask((error, answer) => {
      if (error === undefined || error === null) settle(() => resolve(answer));
      else fail(error);
    });
  });
}
