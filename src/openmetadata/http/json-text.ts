/**
 * A body as JSON without nulls, which mean the same as absent keys but are handled worse by the server's models. Not
 * for a PATCH: a null is a value there.
 */
export function withoutNulls(body: unknown): string {
  const text = JSON.stringify(body);
  // visiting every value takes three times as long as parsing, and hardly any body has a null
  return text.includes('null') ? JSON.stringify(body, (_, value: unknown) => value ?? undefined) : text;
}
