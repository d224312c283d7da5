/** Careful steps through the parsers' JSON: what is not there or of another form reads as absent. */

export type JsonRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function record(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value at a path of keys; null reads as absent. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = record(found)?.[key];
  return found ?? undefined;
}

/** `{"Tag": body}` as tag and body; a bare string is a tag without a body. */
export function variant(value: unknown): { readonly tag: string; readonly body: unknown } | undefined {
  if (typeof value === 'string') return { tag: value, body: undefined };
  const node = record(value);
  if (node === undefined) return undefined;
  const keys = Object.keys(node);
  const tag = keys[0];
  return tag === undefined || keys.length !== 1 ? undefined : { tag, body: node[tag] };
}
