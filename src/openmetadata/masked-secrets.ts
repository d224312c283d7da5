/** What the server writes in place of a secret for everybody but bots. Sent back, it means "keep the stored value". */
export const SECRET_MASK = '*********';

/**
 * Paths (`authType.password`) of the leaves of a stored connection that hold the mask. Any such leaf means that the token is not a
 * bot's: a connection with these values cannot be opened.
 */
export function maskedSecrets(connectionConfig: unknown): string[] {
  if (connectionConfig === SECRET_MASK) return [''];
  if (typeof connectionConfig !== 'object' || connectionConfig === null) return [];
  return Object.entries(connectionConfig).flatMap(([key, value]) =>
    maskedSecrets(value).map((path) => (path === '' ? key : `${key}.${path}`))
  );
}
