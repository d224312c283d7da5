import type { JsonObject } from './json-value.js';

/** An answer other than 2xx. The body is `{code, message}`, `code` being the HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }

  body(): JsonObject {
    return { code: this.status, message: this.message };
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/** `type` as the server names it (`table`), `name` an FQN or an id. */
export function entityNotFound(type: string, name: string): ApiError {
  return new ApiError(404, `${type} ${name} not found`);
}
