/** What JSON.parse gives. Documents are passed around as this and read through the small guards below. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SyntaxError for text that isn't JSON, TypeError for JSON that isn't an object */
export function parseJsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new TypeError('A stored document is not a JSON object.');
  return value;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Text with content: neither absent nor empty. */
export function filledText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return listOf(value).filter(isJsonObject);
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** A copy without keys that are null or unset, at any depth: the server doesn't distinguish null from absent. */
export function withoutNulls(object: JsonObject): JsonObject {
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== null && value !== undefined) copy[key] = cleaned(value);
  }
  return copy;
}

function cleaned(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonObject(value)) return withoutNulls(value);
  return value.map(cleaned);
}

/** Equal as JSON; the order of keys does not matter, null and absent are the same, the order of lists matters. */
export function jsonEqual(one: Json | undefined, other: Json | undefined): boolean {
  const left = one ?? null;
  const right = other ?? null;
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isJsonObject(left)) return isJsonObject(right) && objectsEqual(left, right);
  if (isJsonObject(right) || left.length !== right.length) return false;
  return left.every((item, index) => jsonEqual(item, right[index]));
}

function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  for (const key of Object.keys(left)) if (!jsonEqual(left[key], right[key])) return false;
  return Object.keys(right).every((key) => Object.hasOwn(left, key) || (right[key] ?? null) === null);
}

/** A copy without these keys. */
export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A copy with only these keys, where they are set. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}
