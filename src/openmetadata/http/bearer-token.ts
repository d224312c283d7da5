import { AuthenticationError } from '../../errors/index.js';

/**
 * Gets the bearer token; called before every call. `refresh` means that the last one was refused: read it again if
 * possible.
 */
export type TokenProvider = (options?: { readonly refresh?: boolean }) => Promise<string>;

/**
 * What a JWT says about itself, read without checking its signature. Every field is absent if the token isn't a JWT.
 */
export interface TokenClaims {
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Only a bot's token gets stored secrets in readable form. */
  readonly isBot?: boolean;
  readonly subject?: string;
}

const NEW_TOKEN = 'Make a new bot token in Settings > Bots and put it into securityConfig.jwtToken.';

/** The token asked about last: every call asks, and it is mostly the same. */
let known: { readonly token: string; readonly claims: TokenClaims } | undefined;

export function readTokenClaims(token: string): TokenClaims {
  if (known?.token !== token) known = { token, claims: claimsOf(token) };
  return known.claims;
}

function claimsOf(token: string): TokenClaims {
  const payload = token.split('.')[1];
  if (payload === undefined) return {};
  const claims = parseObject(Buffer.from(payload, 'base64url').toString('utf8'));
  return {
    ...(typeof claims['exp'] === 'number' ? { expiresAt: claims['exp'] * 1000 } : {}),
    ...(typeof claims['isBot'] === 'boolean' ? { isBot: claims['isBot'] } : {}),
    ...(typeof claims['sub'] === 'string' ? { subject: claims['sub'] } : {}),
  };
}

/**
 * Refuses a token that can't work, before it is sent.
 * @throws AuthenticationError for one that is empty, has characters that a header can't contain, or whose `exp` has
 * passed
 */
export function checkToken(token: string, now: number): void {
  if (token === '') throw new AuthenticationError('The OpenMetadata token is empty.', { remedy: NEW_TOKEN });
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const remedy = 'Copy it again without quotes, spaces and line breaks.';
    throw new AuthenticationError(
      'The OpenMetadata token has blanks, line breaks or other characters that cannot be sent.',
      { remedy }
    );
  }
  if (isExpired(token, now)) {
    const { expiresAt = now } = readTokenClaims(token);
    throw new AuthenticationError(`The OpenMetadata token expired at ${isoDate(expiresAt)}.`, { remedy: NEW_TOKEN });
  }
}

/** True when the `exp` of a token has passed. */
export function isExpired(token: string, now: number): boolean {
  const { expiresAt } = readTokenClaims(token);
  return expiresAt !== undefined && expiresAt <= now;
}

function isoDate(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString();
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
