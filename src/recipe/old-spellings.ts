import { findSource, isSourceType } from '../sources/index.js';
import { isMapping, type RecipePath, dotted, pointer, valueAt } from './recipe-path.js';

const SERVER = ['workflowConfig', 'openMetadataServerConfig'];
const SOURCE_CONFIG = ['source', 'sourceConfig', 'config'];
const CONNECTION = ['source', 'serviceConnection', 'config'];

/** A value from earlier documentation that has another name now. */
interface OldValue {
  readonly path: RecipePath;
  readonly old: string;
  readonly current: string;
}

const OLD_VALUES: readonly OldValue[] = [
  { path: ['workflowConfig', 'loggerLevel'], old: 'WARNING', current: 'WARN' },
  { path: [...SERVER, 'secretsManagerProvider'], old: 'noop', current: 'db' },
  { path: [...SERVER, 'secretsManagerProvider'], old: 'azure', current: 'azure-kv' },
  { path: [...SERVER, 'secretsManagerProvider'], old: 'managed-azure', current: 'managed-azure-kv' },
];

/** A key that has moved. */
interface OldKey {
  readonly path: RecipePath;
  readonly current: RecipePath;
}

const OLD_KEYS: readonly OldKey[] = [
  { path: [...SERVER, 'sslConfig', 'certificatePath'], current: [...SERVER, 'sslConfig', 'caCertificate'] },
];

/** A key from earlier documentation that no longer exists: OpenMetadata 2.0 refuses it. */
const GONE_KEYS: readonly { readonly workflow: string; readonly path: RecipePath; readonly instead: string }[] = [
  {
    workflow: 'DatabaseUsage',
    path: [...SOURCE_CONFIG, 'parsingTimeoutLimit'],
    instead: 'Texts that take long are read token by token',
  },
];

/** A recipe in today's spelling. */
export interface CurrentSpelling {
  readonly value: Record<string, unknown>;
  /** One per spelling. */
  readonly warnings: readonly { readonly path: RecipePath; readonly message: string }[];
  /** JSON pointer of a moved key → where it is in the recipe. */
  readonly movedFrom: ReadonlyMap<string, RecipePath>;
}

/**
 * Accepts spellings from earlier documentation that mean the same; leaves `value` itself alone.
 * @param type of the connector, which may have moved keys itself
 */
export function acceptOldSpellings(value: Record<string, unknown>, type: string | undefined): CurrentSpelling {
  const warnings: { path: RecipePath; message: string }[] = [];
  const movedFrom = new Map<string, RecipePath>();
  let current = value;
  for (const { path, old, current: name } of OLD_VALUES) {
    if (valueAt(current, path) !== old) continue;
    warnings.push({ path, message: `\`${old}\` is an old spelling and was read as \`${name}\`.` });
    current = replaced(current, path, name);
  }
  const workflow = valueAt(current, [...SOURCE_CONFIG, 'type']);
  for (const { path, instead } of GONE_KEYS.filter((key) => key.workflow === workflow)) {
    if (valueAt(current, path) === undefined) continue;
    warnings.push({ path, message: `is a key of earlier releases and has no effect. ${instead}.` });
    current = removed(current, path);
  }
  const moves = [
    ...OLD_KEYS.map((key) => ({ ...key, ofConnector: false })),
    ...movedKeysOf(type).map((key) => ({ ...key, ofConnector: true })),
  ];
  for (const { path, current: target, ofConnector } of moves) {
    const moved = valueAt(current, path);
    // if both are given it isn't clear which one counts: the old key stays, and is refused as unknown
    if (moved === undefined || valueAt(current, target) !== undefined) continue;
    if (ofConnector && valueAt(current, target.slice(0, -1)) !== undefined) continue;
    warnings.push({ path, message: `is an old spelling and was read as \`${dotted(target)}\`.` });
    current = replaced(removed(current, path), target, moved);
    movedFrom.set(pointer(target), path);
  }
  return { value: current, warnings, movedFrom };
}

function movedKeysOf(type: string | undefined): readonly OldKey[] {
  if (type === undefined || !isSourceType(type)) return [];
  const moved = findSource(type).movedKeys ?? [];
  return moved.map(({ from, to }) => ({ path: [...CONNECTION, ...from], current: [...CONNECTION, ...to] }));
}

function replaced(root: Record<string, unknown>, [key, ...rest]: RecipePath, value: unknown): Record<string, unknown> {
  if (key === undefined) return root;
  const inner = root[key];
  return { ...root, [key]: rest.length === 0 ? value : replaced(isMapping(inner) ? inner : {}, rest, value) };
}

function removed(root: Record<string, unknown>, [key, ...rest]: RecipePath): Record<string, unknown> {
  if (key === undefined) return root;
  const inner = root[key];
  if (rest.length > 0 && isMapping(inner)) return { ...root, [key]: removed(inner, rest) };
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== key));
}
