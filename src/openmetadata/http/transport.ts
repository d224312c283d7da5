export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** What every call takes: an abort ends the call itself and the waits between its repeats. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RequestOptions extends CallOptions {
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; nulls are left out, except in a PATCH. */
  readonly body?: unknown;
  /** A body that is JSON already; sent unchanged, instead of `body`. */
  readonly json?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * True for a call that adds up when repeated, whatever its method: it is only sent again if it certainly didn't
   * arrive.
   */
  readonly once?: boolean;
  /** For a POST or a PATCH that leaves the same state when it is repeated: it is, as a PUT is. */
  readonly repeatable?: boolean;
  /**
   * For a call that adds up when repeated, too: asked after an unclear answer whether the call arrived all the same. If
   * so, this is an answer without a body; otherwise the call is sent again.
   */
  readonly arrived?: () => Promise<boolean>;
  /** Error statuses that are an answer to this caller (404 for "absent") rather than an error. */
  readonly accept?: readonly number[];
  /** Characters of an answer that is known to be small; a longer one is refused unread. Default: 128 MiB for all. */
  readonly mostCharacters?: number;
  /** Whole numbers of the answer that a double can't hold come as texts of their digits. */
  readonly keepsDigits?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when the body was empty. */
  readonly body: unknown;
}

/**
 * One REST call. All API families only use this interface; `HttpTransport` is the real one. `path` begins after `/v1`
 * (`/tables/name/…`), already percent-encoded. Errors: AuthenticationError, PermanentError, TransientError; an abort
 * throws the signal's reason.
 */
export interface Transport {
  request(method: HttpMethod, path: string, options?: RequestOptions): Promise<Answer>;
  /** Waits for running calls, then closes the connections. */
  close?(): Promise<void>;
}
