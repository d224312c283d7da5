import type { FastifyRequest } from 'fastify';
import type { Actor } from '../actor.js';
import { ApiError, badRequest } from '../api-error.js';
import { isJsonObject } from '../json-value.js';
import type { Include } from '../store/entity-store.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every call below /api before its route runs. */
    actor: Actor | null;
  }
}

export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new ApiError(401, 'Not authorized: the request carries no bearer token');
  return request.actor;
}

/** A path parameter, percent-decoded. */
export function param(request: FastifyRequest, name: string): string {
  const value = isRecord(request.params) ? request.params[name] : undefined;
  if (typeof value !== 'string') throw badRequest(`${name} is missing in the path`);
  return value;
}

/** A query parameter; the last one when it is given twice. */
export function query(request: FastifyRequest, name: string): string | undefined {
  const value = isRecord(request.query) ? request.query[name] : undefined;
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}

export function queryFlag(request: FastifyRequest, name: string, fallback: boolean): boolean {
  const value = query(request, name);
  if (value === undefined || value === '') return fallback;
  if (value === 'true' || value === 'false') return value === 'true';
  throw badRequest(`${name}: ${value} is neither true nor false`);
}

/** A whole number not below `lowest`. */
export function queryNumber(request: FastifyRequest, name: string, fallback: number, lowest: number): number {
  const value = query(request, name);
  if (value === undefined || value === '') return fallback;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= lowest) return number;
  throw badRequest(`${name}: ${value} is not a whole number of at least ${lowest}`);
}

export function queryInclude(request: FastifyRequest): Include {
  const value = query(request, 'include') ?? 'non-deleted';
  if (value === 'all' || value === 'deleted' || value === 'non-deleted') return value;
  throw badRequest(`include: ${value} is not one of all, deleted, non-deleted`);
}

/** @throws ApiError 415 when the body came as something else */
export function requireType(request: FastifyRequest, type: string): void {
  const found = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (found !== type) throw new ApiError(415, `This call takes ${type}, not ${found ?? 'a body without Content-Type'}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value);
}
