import type { SqlSession } from '../../sql/index.js';
import { setAssignments } from './set-assignments.js';

/** What a text makes the time zone of its session: as SQL writes it; null for the server's own. */
export type SetZone = string | null;

const QUOTED = /^(?:'([^'\\]*)'|"([^"\\]*)")$/;

/**
 * The time zone that a text leaves its session in, if it sets one. A value that isn't a literal is taken for the
 * server's zone: it is what scripts keep in a variable, to put it back.
 */
export function setTimeZone(text: string, session?: SqlSession): SetZone | undefined {
  const own = setAssignments(text, 'time_zone', session).findLast(({ isGlobal }) => !isGlobal);
  return own === undefined ? undefined : zoneOf(own.value);
}

function zoneOf(value: string): SetZone {
  const quoted = QUOTED.exec(value);
  const name = quoted?.[1] ?? quoted?.[2];
  if (name !== undefined) return name;
  return /^system$/i.test(value) ? 'SYSTEM' : null;
}
