import { parseMarked, unmarked } from '../../openmetadata/index.js';

const KEY = 'tableProfilerConfig';

/** Most bodies don't, and need no second look. */
export function namesSettings(text: string): boolean {
  return text.includes(KEY);
}

/**
 * A body of PUT or PATCH of tables, in whose profiler settings the numbers that a double can't hold are marked; all
 * others are doubles, as everywhere else.
 * @throws SyntaxError for text that isn't JSON
 */
export function withExactSettings(text: string): unknown {
  return marked(parseMarked(text), false);
}

function marked(value: unknown, isSetting: boolean): unknown {
  if (typeof value === 'string') return isSetting ? value : unmarked(value);
  if (Array.isArray(value)) return value.map((each) => marked(each, isSetting));
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  // an operation of a PATCH says by its path what it changes
  const path = 'op' in value && 'path' in value ? value.path : undefined;
  const isOfSetting = typeof path === 'string' && (path === `/${KEY}` || path.startsWith(`/${KEY}/`));
  const isExact = (key: string): boolean => isSetting || key === KEY || (isOfSetting && key === 'value');
  return Object.fromEntries(entries.map(([key, each]) => [key, marked(each, isExact(key))]));
}
