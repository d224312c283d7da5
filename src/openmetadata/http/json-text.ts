/**
 * A body as JSON without nulls, which mean the same as absent keys and which the server's models like less. Not for a
 * PATCH: a null is a value there.
 */
export function withoutNulls(body: unknown): string {
  const text = JSON.stringify(body);
  // Going through every value costs three times as much as the text, and hardly a body has a null.
  return text.includes('null') ? JSON.stringify(body, (_, value: unknown) => value ?? undefined) : text;
}
