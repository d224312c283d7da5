import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor } from './actor.js';
import { ApiError } from './api-error.js';
import type { JsonObject } from './json-value.js';
import { numberOf, parseJsonObject, textOf } from './json-value.js';

/** The bot that workers act as. */
export const BOT_NAME = 'ingestion-bot';

export interface TokenFacts {
  /** Default: the ingestion bot. */
  readonly subject?: string;
  /** Default: true. */
  readonly bot?: boolean;
  /** Seconds until it expires; below 0 it has expired already. Default: ten years. */
  readonly lifetimeSeconds?: number;
}

const TEN_YEARS = 10 * 365 * 24 * 3600;

/**
 * Makes and checks bearer tokens: JWTs signed by HS256 with the catalog's own secret, and a fixed token if one was
 * given.
 */
export class AccessTokens {
  readonly #secret: Buffer;
  readonly #fixed: string | undefined;

  constructor(secret: Buffer, fixed?: string) {
    this.#secret = secret;
    this.#fixed = fixed;
  }

  issue(facts: TokenFacts = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const head = encode({ alg: 'HS256', typ: 'JWT' });
    const claims = encode({
      iss: 'local-catalog',
      sub: facts.subject ?? BOT_NAME,
      isBot: facts.bot ?? true,
      iat: now,
      exp: now + (facts.lifetimeSeconds ?? TEN_YEARS),
    });
    return `${head}.${claims}.${this.#signature(`${head}.${claims}`)}`;
  }

  /**
   * Who sent an Authorization header.
   * @throws ApiError 401 when there is no bearer token, it isn't this catalog's, or it has expired
   */
  check(header: string | undefined): Actor {
    const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new ApiError(401, 'Not authorized: the request carries no bearer token');
    const claims = claimsOf(token);
    const own = this.#fixed !== undefined && same(token, this.#fixed);
    if (!own && !this.#signed(token))
      throw new ApiError(401, 'Not authorized: this token is not valid for this catalog');
    const expiry = numberOf(claims['exp']);
    if (expiry !== undefined && expiry * 1000 <= Date.now()) {
      throw new ApiError(401, `Expired token: it was valid until ${validUntil(expiry)}`);
    }
    return { name: textOf(claims['sub']) ?? BOT_NAME, bot: own ? claims['isBot'] !== false : claims['isBot'] === true };
  }

  #signed(token: string): boolean {
    const end = token.lastIndexOf('.');
    return end > 0 && same(token.slice(end + 1), this.#signature(token.slice(0, end)));
  }

  #signature(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

/** Of any number that a token may hold. */
function validUntil(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString();
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** The claims of a JWT, none for anything else. */
function claimsOf(token: string): JsonObject {
  const [, claims] = token.split('.');
  if (claims === undefined) return {};
  try {
    return parseJsonObject(Buffer.from(claims, 'base64url').toString());
  } catch {
    return {};
  }
}

/** Compares in constant time, whatever the lengths. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
