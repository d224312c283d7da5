import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.js';

/** Worded so that clients can tell an unknown call from an absent entity. */
export function noSuchCall(request: FastifyRequest): ApiError {
  return new ApiError(404, `HTTP 404 Not Found: there is no ${request.method} ${request.url.split('?')[0] ?? ''}`);
}
