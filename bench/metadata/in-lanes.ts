export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (lane: number, item: T) => Promise<void>
): Promise<void> {
  let next = 0;
  const lane = async (number: number): Promise<void> => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      if (item !== undefined) await work(number, item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
}
