import { createHash } from 'node:crypto';
import { EVERYTHING, type PartReport } from '../contract/part-report.js';
import { entityFqn, restoreName, splitFqn } from '../openmetadata/index.js';
import { countsOf } from '../report/index.js';
import type { ScopeRef, ScopeRights } from '../sources/index.js';
import type { Decision } from './staged-deletion.js';
import { standingOfLabel, withOtherLabels } from './standing-of-label.js';
import type { Standing } from './standing-fact.js';

/** Name of the small fact that a metadata run leaves to the next one. */
export const STANDING = 'standing';

/** Most schemas that are remembered one by one; with more there is one entry per database. */
const MOST_SCHEMAS = 200;
/** Most bytes: other facts of the pipeline need room too. */
const RIGHTS_BYTES = 6_000;
/** Characters of base64, 6 bits each. */
const SCOPE_DIGEST = 6;
const RIGHT_DIGEST = 4;

/**
 * What a run that reached its end leaves to the next one. A scope in doubt keeps its earlier rights, so that the next
 * run compares with the same; a run whose deletions were held back keeps the earlier count and adds what it marked.
 * @param run.rights undefined when the source can't list them or its user sees everything
 * @param run.marked entities marked deleted by this run, with what they contained
 */
export function nextStanding(
  earlier: Standing | undefined,
  run: {
    readonly service: string;
    /** Of `labelOf`. */
    readonly label?: string | undefined;
    readonly part: PartReport;
    readonly rights: readonly ScopeRights[] | undefined;
    readonly deletions: Omit<Decision, 'allowed'> | undefined;
    /** False for an incremental run, which does not show what stands. */
    readonly whole: boolean;
  }
): Standing {
  const questioned = new Set(run.part.questioned);
  const before = standingBefore(earlier, run.label, run.deletions);
  const marked = run.deletions?.marked ?? 0;
  const { records, unchanged } = countsOf(run.part, 'sink');
  const rights = nextRights(before.rights, run.service, run.rights ?? [], questioned);
  if (questioned.has(EVERYTHING)) return { ...before, marked: before.marked + marked };
  if (run.whole) return { ...before, stood: records + unchanged, marked: 0, rights };
  return { ...before, marked: before.marked + marked, rights };
}

/** What a run leaves that marked something and did not reach its end: what it marked counts in the next one's share. */
export function standingAfterEarlyEnd(
  earlier: Standing | undefined,
  label: string | undefined,
  deletions: Omit<Decision, 'allowed'>
): Standing {
  const before = standingBefore(earlier, label, deletions);
  return { ...before, marked: before.marked + deletions.marked };
}

/** As the run itself found it when it decided: another one may have marked since it began. */
function standingBefore(
  earlier: Standing | undefined,
  label: string | undefined,
  deletions: Omit<Decision, 'allowed'> | undefined
): Standing {
  const known = standingOfLabel(earlier, label);
  const { stood, before } =
    deletions !== undefined && deletions.stood > 0
      ? deletions
      : { stood: known?.stood ?? 0, before: known?.marked ?? 0 };
  return labelled({ stood, marked: before, rights: known?.rights ?? {} }, label, earlier);
}

/** As it is remembered: with the run's label, and what is known of others. */
export function labelled(next: Standing, label: string | undefined, earlier: Standing | undefined): Standing {
  return withOtherLabels(label === undefined ? next : { ...next, label }, earlier, RIGHTS_BYTES);
}

/** Of a database's FQN. */
export function labelDigest(fqn: string): string {
  return scopeKey(fqn);
}

function nextRights(
  before: Readonly<Record<string, string>>,
  service: string,
  now: readonly ScopeRights[],
  questioned: ReadonlySet<string>
): Record<string, string> {
  const next = new Map(Object.entries(rightsByScope(service, now)));
  for (const fqn of questioned) {
    const [, database] = splitFqn(fqn);
    for (const key of [scopeKey(fqn), wholeKey(service, database === undefined ? undefined : restoreName(database))]) {
      const known = before[key];
      next.delete(key);
      if (known !== undefined) next.set(key, known);
    }
  }
  return Object.fromEntries(next);
}

function rightsByScope(service: string, scopes: readonly ScopeRights[]): Record<string, string> {
  const each = Object.fromEntries(scopes.map((scope) => [keyOf(service, scope), digestsOf(scope.rights)]));
  const fits = scopes.length <= MOST_SCHEMAS && Buffer.byteLength(JSON.stringify(each)) <= RIGHTS_BYTES;
  return fits ? each : byDatabase(service, scopes);
}

/** One entry per database: a digest of all that is in it, so any change there counts as a loss. */
function byDatabase(service: string, scopes: readonly ScopeRights[]): Record<string, string> {
  const texts = new Map<string, string[]>();
  for (const { database, schema, rights } of scopes) {
    const key = wholeKey(service, database);
    texts.set(key, [...(texts.get(key) ?? []), JSON.stringify([schema, [...rights].sort()])]);
  }
  return Object.fromEntries([...texts].map(([key, all]) => [key, digest(all.sort().join('\n'), RIGHT_DIGEST)]));
}

/**
 * Whether a right on the scope is lost since the last run without doubts.
 * @returns `unknown` when no such run is known to have seen the scope
 */
export function rightsLost(
  earlier: Standing | undefined,
  service: string,
  scope: ScopeRef,
  now: readonly ScopeRights[]
): 'none' | 'some' | 'unknown' {
  if (earlier === undefined) return 'unknown';
  const whole = wholeKey(service, scope.database);
  if (earlier.rights[whole] === undefined) return lostOf(earlier.rights[keyOf(service, scope)], rightsOf(now, scope));
  return byDatabase(service, now)[whole] === earlier.rights[whole] ? 'none' : 'some';
}

function lostOf(had: string | undefined, has: readonly string[]): 'none' | 'some' | 'unknown' {
  if (had === undefined) return 'unknown';
  const present = new Set(split(digestsOf(has)));
  return split(had).every((each) => present.has(each)) ? 'none' : 'some';
}

function rightsOf(now: readonly ScopeRights[], { database, schema }: ScopeRef): readonly string[] {
  return now.find((each) => each.database === database && each.schema === schema)?.rights ?? [];
}

function split(digests: string): string[] {
  return digests.match(/.{4}/g) ?? [];
}

function digestsOf(rights: readonly string[]): string {
  return [...new Set(rights.map((right) => digest(right, RIGHT_DIGEST)))].sort().join('');
}

function keyOf(service: string, { database, schema }: ScopeRef): string {
  return scopeKey(entityFqn(service, ...[database, schema].filter((name) => name !== undefined)));
}

function wholeKey(service: string, database: string | undefined): string {
  return `*${keyOf(service, database === undefined ? {} : { database })}`;
}

function scopeKey(fqn: string): string {
  return digest(fqn, SCOPE_DIGEST);
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
