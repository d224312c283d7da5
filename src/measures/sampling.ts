import type { Sample } from '../sources/index.js';

/** A sample as written by recipes and by the server; reads either. */
export interface SampleSetting {
  readonly static?: {
    readonly profileSample: number;
    readonly type: 'PERCENTAGE' | 'ROWS';
    readonly method?: 'BERNOULLI' | 'SYSTEM';
  };
  readonly dynamic?: { readonly smart: boolean; readonly thresholds: readonly Tier[] };
}

interface Tier {
  readonly rows: number;
  readonly profileSample: number;
  readonly type: 'PERCENTAGE' | 'ROWS';
  readonly method?: 'BERNOULLI' | 'SYSTEM';
}

/** Upper bounds of rows and the percentage below them; OpenMetadata's own. */
const SMART: readonly (readonly [rows: number, percent: number])[] = [
  [100_000, 100],
  [1_000_000, 50],
  [10_000_000, 10],
  [100_000_000, 5],
  [1_000_000_000, 1],
  [Infinity, 0.1],
];

/** The keys of a recipe's entry, of sourceConfig, or of what is stored for a table. */
export interface SampleKeys {
  readonly profileSample?: number | undefined;
  readonly profileSampleType?: string | undefined;
  readonly samplingMethodType?: string | undefined;
  readonly profileSampleConfig?:
    | {
        readonly sampleConfigType?: string | undefined;
        readonly config?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
}

/** Undefined if none of the keys asks for a sample. */
export function readSampleSetting(keys: SampleKeys | undefined): SampleSetting | undefined {
  const nested = keys?.profileSampleConfig;
  const config = nested?.config;
  if (nested !== undefined && config !== undefined) {
    if (nested.sampleConfigType === 'STATIC' || 'profileSample' in config) return staticSetting(config);
    const thresholds = Array.isArray(config['thresholds']) ? config['thresholds'].flatMap(readTier) : [];
    return { dynamic: { smart: config['smartSampling'] !== false, thresholds } };
  }
  return keys === undefined ? undefined : staticSetting({ ...keys });
}

function staticSetting(keys: Readonly<Record<string, unknown>>): SampleSetting | undefined {
  const sample = keys['profileSample'];
  return typeof sample === 'number' ? { static: { profileSample: sample, ...kindOf(keys) } } : undefined;
}

function readTier(value: unknown): Tier[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys: Record<string, unknown> = { ...value };
  const { rowCountThreshold: rows, profileSample } = keys;
  return typeof rows === 'number' && typeof profileSample === 'number'
    ? [{ rows, profileSample, ...kindOf(keys) }]
    : [];
}

function kindOf(keys: Readonly<Record<string, unknown>>): Pick<Tier, 'type' | 'method'> {
  const method = keys['samplingMethodType'];
  return {
    type: keys['profileSampleType'] === 'ROWS' ? 'ROWS' : 'PERCENTAGE',
    ...(method === 'BERNOULLI' || method === 'SYSTEM' ? { method } : {}),
  };
}

/** Samples of more rows than the source takes at once are of so many. */
export function atMost(setting: SampleSetting | undefined, most: number | undefined): SampleSetting | undefined {
  if (setting === undefined || most === undefined) return setting;
  const cut = <Part extends Pick<Tier, 'profileSample' | 'type'>>(part: Part): Part =>
    part.type === 'ROWS' && part.profileSample > most ? { ...part, profileSample: most } : part;
  return {
    ...(setting.static === undefined ? {} : { static: cut(setting.static) }),
    ...(setting.dynamic === undefined
      ? {}
      : { dynamic: { ...setting.dynamic, thresholds: setting.dynamic.thresholds.map(cut) } }),
  };
}

/**
 * The static setting that a dynamic one results in.
 * @param rows of the table; unknown counts as 0, so that everything is measured
 */
export function settle(setting: SampleSetting | undefined, rows: number | undefined): SampleSetting['static'] {
  const dynamic = setting?.dynamic;
  if (dynamic === undefined) return setting?.static;
  const count = rows ?? 0;
  if (dynamic.smart) {
    const percent = SMART.find(([most]) => count <= most)?.[1] ?? 100;
    return percent === 100 ? undefined : { profileSample: percent, type: 'PERCENTAGE' };
  }
  const tiers = dynamic.thresholds.filter((tier) => tier.rows <= count).sort((left, right) => right.rows - left.rows);
  const [tier] = tiers;
  return tier;
}

/**
 * What is asked of the source: nothing for 100 %.
 * @param seed the same in each attempt of a run, but different in the next run
 */
export function toSample(setting: SampleSetting['static'], randomized: boolean, seed: number): Sample | undefined {
  if (setting === undefined) return undefined;
  const { profileSample, type, method } = setting;
  if (type === 'ROWS') return { by: 'rows', rows: takenOf(setting), randomized, seed };
  if (profileSample >= 100) return undefined;
  return { by: 'percentage', percent: profileSample, seed, ...(method === undefined ? {} : { method }) };
}

/** Rows are whole; a percentage is as it was given. */
export function takenOf({ profileSample, type }: Pick<Tier, 'profileSample' | 'type'>): number {
  return type === 'ROWS' ? Math.round(profileSample) : profileSample;
}
