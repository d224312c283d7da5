/**
 * Maps members with at most `lanes` calls at once, results in the order of the members. After a failure no further call is started;
 * the error is thrown when those under way have ended, so that nothing goes on behind the caller's back.
 */
export async function mapLimited<T, R>(
  members: readonly T[],
  lanes: number,
  map: (member: T) => Promise<R>
): Promise<R[]> {
  const results = new Array<R>(members.length);
  const rest = members.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true && !failed; next = rest.next()) {
      const [index, member] = next.value;
      try {
        results[index] = await map(member);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.max(1, Math.min(lanes, members.length)) }, lane));
  const broken = ended.find((each) => each.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}
