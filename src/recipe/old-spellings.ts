import { findSource, isSourceType } from '../sources/index.js';
import { connectorsOf } from './any-connection.js';
import { connectionPlaces, OWN_CONNECTION } from './connection-places.js';
import { isMapping, type RecipePath, dotted, pointer, valueAt } from './recipe-path.js';

const SERVER = ['workflowConfig', 'openMetadataServerConfig'];
const SOURCE_CONFIG = ['source', 'sourceConfig', 'config'];

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
  /** Absent: in recipes of all kinds. */
  readonly workflow?: string;
  readonly path: RecipePath;
  readonly current: RecipePath;
  /** Another key that it stands for, unless that is there itself. */
  readonly and?: RecipePath;
  /** What says the same and must not be there too. Default: `current`. */
  readonly beside?: RecipePath;
}

const OLD_KEYS: readonly OldKey[] = [
  { path: [...SERVER, 'sslConfig', 'certificatePath'], current: [...SERVER, 'sslConfig', 'caCertificate'] },
  ...['profileSample', 'profileSampleType', 'samplingMethodType'].map((key) => ({
    workflow: 'Profiler',
    path: [...SOURCE_CONFIG, key],
    current: [...SOURCE_CONFIG, 'profileSampleConfig', 'config', key],
    beside: [...SOURCE_CONFIG, 'profileSampleConfig'],
  })),
  {
    workflow: 'Profiler',
    path: [...SOURCE_CONFIG, 'computeMetrics'],
    current: [...SOURCE_CONFIG, 'computeColumnMetrics'],
    and: [...SOURCE_CONFIG, 'computeTableMetrics'],
  },
];

const PII = 'Personal data is looked for by the AutoClassification workflow of OpenMetadata';

/** A key from earlier documentation that no longer exists: OpenMetadata 2.0 refuses it. */
const GONE_KEYS: readonly { readonly workflow: string; readonly path: RecipePath; readonly instead: string }[] = [
  {
    workflow: 'DatabaseUsage',
    path: [...SOURCE_CONFIG, 'parsingTimeoutLimit'],
    instead: 'Texts that take long are read token by token',
  },
  { workflow: 'Profiler', path: [...SOURCE_CONFIG, 'processPiiSensitive'], instead: PII },
  { workflow: 'Profiler', path: [...SOURCE_CONFIG, 'confidence'], instead: PII },
  {
    workflow: 'Profiler',
    path: [...SOURCE_CONFIG, 'sampleDataCount'],
    instead: 'With generateSampleData it is up to 50 rows; an entry of tableConfig may have a sampleDataCount',
  },
];

/** A recipe in today's spelling. */
export interface CurrentSpelling {
  readonly value: Record<string, unknown>;
  /** One per spelling. */
  readonly warnings: readonly { readonly path: RecipePath; readonly message: string }[];
  /** Keys that are there in both spellings: it isn't clear which one counts. */
  readonly problems: readonly { readonly path: RecipePath; readonly message: string }[];
  /** JSON pointer of a moved key → where it is in the recipe. */
  readonly movedFrom: ReadonlyMap<string, RecipePath>;
}

/**
 * Accepts spellings from earlier documentation that mean the same; leaves `value` itself alone.
 * @param type of the connector, which may have moved keys itself
 */
export function acceptOldSpellings(value: Record<string, unknown>, type: string | undefined): CurrentSpelling {
  const warnings: { path: RecipePath; message: string }[] = [];
  const problems: { path: RecipePath; message: string }[] = [];
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
    ...OLD_KEYS.filter((key) => key.workflow === undefined || key.workflow === workflow),
    ...movedKeysOf(type, value),
  ];
  for (const { path, current: target, beside = target, and } of moves) {
    const moved = valueAt(current, path);
    if (moved === undefined) continue;
    if (valueAt(value, beside) !== undefined) {
      const message = `is an old spelling of \`${dotted(target)}\`, and \`${dotted(beside)}\` is there too. Leave one of them.`;
      problems.push({ path, message });
      continue;
    }
    const targets = [target, ...(and === undefined ? [] : [and])];
    const names = targets.map((each) => `\`${dotted(each)}\``).join(' and ');
    warnings.push({ path, message: `is an old spelling and was read as ${names}.` });
    current = targets.reduce((recipe, each) => withDefault(recipe, each, moved), removed(current, path));
    movedFrom.set(pointer(target), path);
  }
  return { value: current, warnings, problems, movedFrom };
}

/** Those of source.type, and of connections that say themselves what they are. */
function movedKeysOf(type: string | undefined, recipe: Record<string, unknown>): readonly OldKey[] {
  return connectionPlaces(recipe).flatMap((place) => {
    const config = valueAt(recipe, place);
    const own = type !== undefined && isSourceType(type) && place.length === OWN_CONNECTION.length ? type : undefined;
    const connector = own ?? (isMapping(config) ? connectorsOf(config)[0] : undefined);
    const moved = connector === undefined ? [] : (findSource(connector).movedKeys ?? []);
    return moved.map(({ from, to }) => ({
      path: [...place, ...from],
      current: [...place, ...to],
      beside: [...place, ...to.slice(0, -1)],
    }));
  });
}

function replaced(root: Record<string, unknown>, path: RecipePath, value: unknown): Record<string, unknown> {
  return changedAt(root, path, (inner, key) => ({ ...inner, [key]: value }));
}

/** What is there already says more. */
function withDefault(root: Record<string, unknown>, path: RecipePath, value: unknown): Record<string, unknown> {
  return valueAt(root, path) === undefined ? replaced(root, path, value) : root;
}

function removed(root: Record<string, unknown>, path: RecipePath): Record<string, unknown> {
  return changedAt(root, path, (inner, key) =>
    Object.fromEntries(Object.entries(inner).filter(([name]) => name !== String(key)))
  );
}

type Change = (mapping: Record<string, unknown>, key: string | number) => Record<string, unknown>;

/** A copy in which the mapping that holds the last key of the path is changed, and made if it is missing. */
function changedAt(root: Record<string, unknown>, [key, ...rest]: RecipePath, change: Change): Record<string, unknown> {
  if (key === undefined) return root;
  if (rest.length === 0) return change(root, key);
  const [next] = rest;
  const inner = root[key];
  if (!Array.isArray(inner) || typeof next !== 'number')
    return { ...root, [key]: changedAt(isMapping(inner) ? inner : {}, rest, change) };
  const items: readonly unknown[] = inner;
  const within = rest.slice(1);
  return {
    ...root,
    [key]: items.map((item, index) => (index === next && isMapping(item) ? changedAt(item, within, change) : item)),
  };
}
