import type { Standing } from './standing-fact.js';

/** Other databases of the service that are remembered, the last ones read first. */
const MOST_LABELS = 8;

/**
 * What is known of the database at hand. The name of a MySQL or SQLite database is a label: under another one nothing
 * of the first is compared, so neither counts in the other one's share.
 * @param label of the only database that the run lists; undefined when it lists several, which stand together
 */
export function standingOfLabel(known: Standing | undefined, label: string | undefined): Standing | undefined {
  if (known === undefined || isSame(known.label, label)) return known;
  return known.others?.find((other) => other.label === label);
}

/**
 * With what is known of the other labels, for the day on which one of them comes back.
 * @param bytes for all rights together; those that don't fit are left out, and nothing is proven by them then
 */
export function withOtherLabels(next: Standing, known: Standing | undefined, bytes: number): Standing {
  if (known === undefined) return next;
  const { label, stood, marked, rights } = known;
  const all = [...(label === undefined ? [] : [{ label, stood, marked, rights }]), ...(known.others ?? [])];
  let left = bytes - sizeOf(next.rights);
  const others = all
    .filter((other) => !isSame(other.label, next.label))
    .slice(0, MOST_LABELS)
    .map((other) => {
      const size = sizeOf(other.rights);
      if (size > left) return { ...other, rights: {} };
      left -= size;
      return other;
    });
  return others.length === 0 ? next : { ...next, others };
}

function isSame(left: string | undefined, right: string | undefined): boolean {
  return left === undefined || right === undefined || left === right;
}

function sizeOf(rights: Readonly<Record<string, string>>): number {
  return Buffer.byteLength(JSON.stringify(rights));
}
