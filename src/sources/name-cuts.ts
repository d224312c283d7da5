/**
 * Every `size`-th name of a sorted listing, as it streams; none at its very end, where an open range would be empty.
 */
export async function cutsOf<Row>(
  batches: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  size: number,
  nameOf: (row: Row) => string
): Promise<string[]> {
  const cuts: string[] = [];
  let count = 0;
  let last: string | undefined;
  for await (const rows of batches) {
    for (const row of rows) {
      if (last !== undefined) cuts.push(last);
      count += 1;
      last = count % size === 0 ? nameOf(row) : undefined;
    }
  }
  return cuts;
}
