import { restoreName, splitFqn } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog, StaleScope } from './catalog.js';
import { allowedDeletions } from './deletion-guard.js';

/** Names asked of the source at once. */
const RECHECK = 500;

export interface MarkStaleInput {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  readonly scope: StaleScope;
  /** FQNs of everything the source listed in the scope, before filters. */
  readonly seen: readonly string[];
  readonly maxDeletedPercent: number | undefined;
  /** Of these source names, those that are still there: asked just before anything is marked. */
  readonly stillThere: (names: readonly string[]) => Promise<readonly string[]>;
  /** What this run marks is written down before it is marked, so that a repeated attempt counts what an earlier one has done. */
  readonly marks: MarkLog;
}

/** Marks that attempts of one unit set out to make, by scope. */
export interface MarkLog {
  /** FQNs that another attempt, earlier or still at work, has set out to mark in the scope by now; empty when there was none. */
  earlier(scope: StaleScope): Promise<readonly string[]>;
  add(scope: StaleScope, fqns: readonly string[]): Promise<void>;
}

/**
 * Marks what the source no longer has, in one scope. Candidates come from the catalog, are looked up in the source once more, and
 * pass the mass-delete guard; what the guard holds back is reported.
 */
export async function markStale(input: MarkStaleInput): Promise<void> {
  const { catalog, recorder, scope } = input;
  // The scope's own FQN is harmless in the list, and without any FQN the server deletes nothing: a scope that became empty would keep all.
  const seen = [scope.scopeFqn, ...input.seen];
  const candidates = await catalog.stale(scope, seen);
  const live = new Set(candidates);
  // Asked behind the candidates: marks are written down before they are made, so none that is missing from the candidates is missing here.
  const earlier = await input.marks.earlier(scope);
  recorder.count('sink', { deleted: earlier.filter((fqn) => !live.has(fqn)).length });
  if (candidates.length === 0) return;

  const present = await recheck(candidates, input.stillThere);
  const gone = candidates.filter((fqn) => !present.has(fqn));
  if (gone.length === 0) return;
  const total = await catalog.count(scope);
  const allowed = allowedDeletions(total, input.maxDeletedPercent);
  const held = gone.slice(allowed);
  if (held.length > 0) {
    recorder.warning(
      'sink',
      `${scope.scopeFqn}: ${gone.length} of ${total} ${scope.kind} are gone from the source, ${allowed} may be marked deleted in one run; ` +
        `held back: ${held.length}, the first is ${held[0]}. If that is right, set workflowConfig.config.maxDeletedPercent for one run.`
    );
  }
  if (held.length === gone.length) return;
  await input.marks.add(scope, gone.slice(0, allowed));
  const { deleted, failures } = await catalog.markStale(scope, [...seen, ...present, ...held]);
  recorder.count('sink', { deleted });
  for (const { fqn, message } of failures) recorder.failure('sink', fqn, message);
}

async function recheck(candidates: readonly string[], stillThere: MarkStaleInput['stillThere']): Promise<Set<string>> {
  const byName = new Map(candidates.map((fqn) => [restoreName(splitFqn(fqn).at(-1) ?? ''), fqn]));
  const names = [...byName.keys()];
  const present = new Set<string>();
  for (let start = 0; start < names.length; start += RECHECK) {
    for (const name of await stillThere(names.slice(start, start + RECHECK))) {
      const fqn = byName.get(name);
      if (fqn !== undefined) present.add(fqn);
    }
  }
  return present;
}
