/**
 * Maps members with at most `lanes` calls at once, results in the order of the members. A member is taken when a lane
 * is free. After a failure no more calls start; the error is thrown when the running ones have ended, so that nothing
 * runs on behind the caller's back.
 */
export async function mapLimited<T, R>(
  members: Iterable<T>,
  lanes: number,
  map: (member: T) => Promise<R>
): Promise<R[]> {
  const results: R[] = [];
  const rest = members[Symbol.iterator]();
  let taken = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    try {
      for (let next = rest.next(); next.done !== true && !failed; next = rest.next()) {
        const index = taken;
        taken += 1;
        results[index] = await map(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.max(1, lanes) }, lane));
  const broken = ended.find((each) => each.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}
