import { only, schemasOf, type BodyPlace } from './body-place.js';
import type { StoredBodies, StoredBody } from './stored-bodies.js';

export function isEvent({ kind }: StoredBody): boolean {
  return kind === 'event';
}

/**
 * Of a row under a definer's account in a thread of which nothing was seen before: an event's, or that of what an event
 * runs; or of a session that is older than the log.
 *
 * @param having the bodies with its statement
 */
export function placeOfEvent(bodies: StoredBodies, having: readonly StoredBody[]): BodyPlace {
  const zone = inZone(bodies, having);
  // a hidden event may have whatever statement another body has, too
  if (bodies.hidesEvents) return { schema: '', isGuess: false, ...zone };
  const isSure = bodies.seesEvents && (!bodies.hasEvents || having.every((stored) => bodies.ofEvents.has(stored)));
  return { schema: only(schemasOf(having)), isGuess: !isSure, ...zone };
}

/**
 * Of a row under a definer's account that nothing which its thread ran explains. A server that starts anew gives the
 * numbers of its sessions to the threads of events: it is an event's, if one alone has such a statement.
 */
export function placeOfReusedThread(bodies: StoredBodies, having: readonly StoredBody[]): BodyPlace | undefined {
  const seesThem = bodies.seesAll && bodies.seesTriggers && bodies.seesEvents;
  if (!seesThem || having.length === 0 || !having.every(isEvent)) return undefined;
  return { schema: only(schemasOf(having)), isGuess: false, isAside: true, ...inZone(bodies, having) };
}

/** That of the events with the statement, or of all where they run what has it; none where they differ. */
function inZone(bodies: StoredBodies, having: readonly StoredBody[]): Pick<BodyPlace, 'zone'> {
  const own = new Set(having.flatMap((stored) => stored.zone ?? []));
  const isRun = having.length > 0 && having.every((stored) => bodies.ofEvents.has(stored));
  const [zone, ...others] = own.size > 0 || !isRun ? own : bodies.eventZones;
  return zone === undefined || others.length > 0 ? {} : { zone };
}
