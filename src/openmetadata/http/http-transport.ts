import { setMaxListeners } from 'node:events';
import { TransientError } from '../../errors/index.js';
import { looksLikeSecretKey, registerSecret } from '../../secrets/index.js';
import { answerOutcome, type RawAnswer } from './answer-outcome.js';
import { checkToken, isExpired, type TokenProvider } from './bearer-token.js';
import { openPool, type ConnectionPool, type PoolOptions } from './connection-pool.js';
import { parseHostPort, type ServerAddress } from './host-port.js';
import { withoutNulls } from './json-text.js';
import { networkOutcome } from './network-outcome.js';
import { isIdempotent, OutOfTime, type Outcome } from './outcome.js';
import { mergeHeaders } from './request-headers.js';
import { DEFAULT_RETRY_POLICY, delayBeforeRetry, sleep, type RetryPolicy } from './retry-policy.js';
import type { Answer, HttpMethod, RequestOptions, Transport } from './transport.js';

export interface TransportOptions extends PoolOptions {
  /** `http://host:8585/api`; trailing slashes don't matter. */
  readonly hostPort: string;
  readonly token: TokenProvider;
  /** Override same-named headers; `%(Name)s` in a value is another header's value. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly retry?: Partial<RetryPolicy>;
  /** Called at the beginning of every attempt, and what it answers at the end. */
  readonly onCall?: (method: HttpMethod, path: string) => () => void;
  /** Called after every attempt; status 0 when no answer came. */
  readonly onRequest?: (method: HttpMethod, path: string, status: number, milliseconds: number) => void;
}

const CREDENTIAL_HEADER = /authorization|cookie/i;

type AbortableRequest = RequestOptions & { readonly signal: AbortSignal };

/** REST calls over kept-alive connections, repeated if that is safe. */
export class HttpTransport implements Transport {
  readonly #pool: ConnectionPool;
  readonly #address: ServerAddress;
  readonly #options: TransportOptions;
  readonly #retry: RetryPolicy;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#address = parseHostPort(options.hostPort);
    this.#retry = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    for (const [name, value] of Object.entries(options.extraHeaders ?? {})) {
      if (looksLikeSecretKey(name) || CREDENTIAL_HEADER.test(name)) registerSecret(value);
    }
    this.#pool = openPool(this.#address.origin, options);
  }

  async request(method: HttpMethod, path: string, options: RequestOptions = {}): Promise<Answer> {
    options.signal?.throwIfAborted();
    // one signal for the caller's abort and the deadline of the whole call; AbortSignal.any would keep a listener on a
    // long-lived signal
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(options.signal?.reason);
    const deadline = setTimeout(() => controller.abort(this.#deadlineError(method, path)), this.#retry.totalMs);
    if (options.signal !== undefined) {
      // one listener per running call, removed at its end: having many isn't a leak that Node need warn about
      setMaxListeners(0, options.signal);
      options.signal.addEventListener('abort', onAbort, { once: true });
    }
    try {
      return await this.#requestUntil(method, path, { ...options, signal: controller.signal });
    } finally {
      clearTimeout(deadline);
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    const { dispatcher } = this.#pool;
    if (!this.#closed) await dispatcher.close();
    this.#closed = true;
  }

  async #requestUntil(method: HttpMethod, path: string, options: AbortableRequest): Promise<Answer> {
    let token = await this.#token(false);
    let refreshed = false;
    let attempt = 1;
    for (;;) {
      const outcome = await this.#try(method, path, options, token);
      if (outcome.ok) return outcome.answer;
      if (outcome.status === 401 && !refreshed) {
        refreshed = true;
        const newToken = await this.#token(true);
        if (newToken === token) throw outcome.error;
        token = newToken;
        continue;
      }
      const isRepeatable = (isIdempotent(method) || options.repeatable === true) && options.once !== true;
      const mayRepeat = outcome.repeat === 'unsent' || (outcome.repeat === 'idempotent' && isRepeatable);
      const retryAfterMs = outcome.error instanceof TransientError ? outcome.error.retryAfterMs : undefined;
      const delay = mayRepeat ? delayBeforeRetry(this.#retry, attempt, retryAfterMs) : undefined;
      if (delay === undefined) throw outcome.error;
      await sleep(delay, options.signal);
      if (outcome.repeat === 'idempotent' && (await options.arrived?.()) === true)
        return { status: 200, body: undefined };
      attempt += 1;
    }
  }

  async #try(method: HttpMethod, path: string, options: AbortableRequest, token: string): Promise<Outcome> {
    const call = `${method} /v1${path}`;
    const headers = this.#headers(method, options, token);
    const body = bodyOf(method, options);
    const fullPath = `${this.#address.basePath}${path}${queryText(options.query)}`;
    const { signal } = options;
    const { origin } = this.#address;
    const started = performance.now();
    const onEnd = this.#options.onCall?.(method, path);
    let status = 0;
    let raw: RawAnswer;
    try {
      const response = await this.#pool.dispatcher.request({ origin, method, path: fullPath, headers, body, signal });
      const text = await response.body.text();
      status = response.statusCode;
      raw = {
        method,
        call,
        status,
        contentType: firstOf(response.headers['content-type']) ?? '',
        encoding: firstOf(response.headers['content-encoding']),
        retryAfter: firstOf(response.headers['retry-after']),
        location: firstOf(response.headers.location),
        text,
        accept: options.accept ?? [],
        most: options.mostCharacters,
        keepsDigits: options.keepsDigits,
      };
    } catch (error) {
      signal.throwIfAborted();
      return networkOutcome(error, { ...this.#pool, address: this.#address, call });
    } finally {
      onEnd?.();
      this.#options.onRequest?.(method, path, status, performance.now() - started);
    }
    return answerOutcome(raw, this.#address);
  }

  #headers(method: HttpMethod, options: RequestOptions, token: string): Readonly<Record<string, string>> {
    const own = {
      Authorization: `Bearer ${token}`,
      'Content-Type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json',
      Accept: 'application/json',
      'User-Agent': this.#options.userAgent,
      ...options.headers,
    };
    return mergeHeaders(own, this.#options.extraHeaders ?? {});
  }

  async #token(refresh: boolean): Promise<string> {
    let token = (await this.#options.token({ refresh })).trim();
    // an expired token may have been replaced at its origin
    if (!refresh && isExpired(token, Date.now())) token = (await this.#options.token({ refresh: true })).trim();
    // from here on it is masked wherever a server or proxy echoes it
    registerSecret(token);
    checkToken(token, Date.now());
    return token;
  }

  #deadlineError(method: HttpMethod, path: string): TransientError {
    const seconds = Math.round(this.#retry.totalMs / 1000);
    return new TransientError(`${method} /v1${path} on ${this.#address.text} did not succeed within ${seconds} s.`, {
      where: this.#address.text,
      cause: new OutOfTime(),
    });
  }
}

function queryText(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.append(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function bodyOf(method: HttpMethod, { json, body }: RequestOptions): Buffer | string | null {
  if (json !== undefined) return json;
  if (body === undefined) return null;
  return method === 'PATCH' ? JSON.stringify(body) : withoutNulls(body);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
