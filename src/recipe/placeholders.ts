import { isMapping } from './recipe-path.js';
import { LEFT_OUT } from './yaml-faults.js';

/** What OpenMetadata shows instead of a secret to anyone but a bot. */
export const MASKED = '*********';

const IN_BRACES = /^\{\{?\s*[A-Za-z_][\w .-]*\}?\}$/;
/** A value that somebody means, though it may begin with a letter. */
const UUID_IN_BRACES = /^\{[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}$/i;
const IN_ANGLES = /^<[A-Za-z_][^<>]*>$/;
/** What templates alone write so: a column may hold `{AB}`, an array of PostgreSQL, and `<none>`. */
const IN_TWO_BRACES = /^\{\{.*\}\}$/;

/**
 * Recognises text that was copied from documentation and never replaced; undefined for any other text.
 * @param secret it isn't quoted: a secret may be written in brackets too
 */
export function placeholderProblem(text: string, secret = false): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '...') return LEFT_OUT;
  if (trimmed === MASKED) {
    return `\`${MASKED}\` is the mask that OpenMetadata shows instead of a secret. Write a reference to the secret itself.`;
  }
  if ((!IN_BRACES.test(trimmed) && !IN_ANGLES.test(trimmed)) || UUID_IN_BRACES.test(trimmed)) return undefined;
  const hint = /token/i.test(trimmed) ? ' The token is on the page of a bot in OpenMetadata (Settings, Bots).' : '';
  if (secret) return `a text in brackets is a placeholder that was not replaced by a value.${hint}`;
  return `the placeholder \`${trimmed}\` was not replaced by a value.${hint}`;
}

/** The same for a value that a column may have. */
export function valuePlaceholderProblem(text: string): string | undefined {
  const trimmed = text.trim();
  const mayBeMeant = (IN_BRACES.test(trimmed) && !IN_TWO_BRACES.test(trimmed)) || IN_ANGLES.test(trimmed);
  return mayBeMeant ? undefined : placeholderProblem(text);
}

/** `{bot_jwt_token}` without quotes is a YAML mapping with one empty key; its text, or undefined for anything else. */
export function unquotedPlaceholder(value: unknown): string | undefined {
  if (!isMapping(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  return entry !== undefined && others.length === 0 && entry[1] === null ? `{${entry[0]}}` : undefined;
}
