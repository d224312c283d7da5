import { z } from 'zod';
import type { RecordedRequest } from '../services/recording-proxy.js';

/** What a run sent, a line each: `METHOD path`, with the body where there is one. */
export type SentRequest = string | readonly [request: string, body: unknown];

/** Keys whose numbers are times and durations. */
const TIMES = new Set(['startDate', 'endDate', 'timestamp', 'sourceTimeMs', 'sinkTimeMs']);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * The requests of a run in a defined order, that of their texts: which of several lanes comes first differs from run to
 * run. Ids are put by `known`; other ids, times and durations by what they are.
 * @param known what else differs from run to run (ids, ports), with what stands for it
 */
export function sentRequests(
  recorded: readonly RecordedRequest[],
  known: ReadonlyMap<string, string>
): readonly SentRequest[] {
  const steadyText = (text: string): string =>
    [...known]
      .reduce((changed, [found, instead]) => changed.replaceAll(found, instead), text)
      .replace(UUID, '{id}')
      .replace(/(startTs|endTs)=\d+/g, '$1={time}');
  const steady = (value: unknown): unknown => {
    if (typeof value === 'string') return steadyText(value);
    if (Array.isArray(value)) return value.map(steady);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, TIMES.has(key) ? '{time}' : steady(each)])
    );
  };
  return recorded
    .map(({ method, path, body }): SentRequest => {
      const request = `${method} ${decodeURIComponent(steadyText(path).replaceAll('+', ' '))}`;
      return body === undefined ? request : [request, steady(body)];
    })
    .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/**
 * Collections in the order in which a run may change them: nothing before what holds it, deletions behind all that is
 * written.
 */
const ORDER = [
  /^PUT .*\/databaseServices$/,
  /^PUT .*\/ingestionPipelines$/,
  /^PUT .*\/pipelineStatus$/,
  /^PUT .*\/ingestionPipelines\/progress\//,
  /^PUT .*\/databases\/bulk/,
  /^PUT .*\/databaseSchemas\/bulk/,
  /^PUT .*\/(tables|storedProcedures)\/bulk/,
  /^PATCH /,
  // a trial; then what the run is about to mark deleted, for others that run at once
  /^DELETE /,
  /^PUT .*\/pipelineStatus$/,
  /^DELETE /,
  /^PUT .*\/pipelineStatus$/,
  /^PUT .*\/ingestionPipelines\/progress\//,
] as const;

const underWay = z.object({ updateType: z.literal('PROCESSING') });

/**
 * Progress that is due every 30 seconds: how often a run sends it depends on how fast the machine is. Its first and
 * last are not meant.
 */
export function isTimedProgress({ path, body }: RecordedRequest): boolean {
  return path.includes('/ingestionPipelines/progress/') && underWay.safeParse(body).success;
}

/** Places in that order, one a request that changes something; -1 for a request that has none. */
export function placesInOrder(recorded: readonly RecordedRequest[]): readonly number[] {
  let least = 0;
  return recorded
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => {
      const place = ORDER.findIndex((pattern, index) => index >= least && pattern.test(`${method} ${path}`));
      if (place >= 0) least = place;
      return place;
    });
}
