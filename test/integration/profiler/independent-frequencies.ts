/** Those of Freedman and Diaconis's bins, by whole numbers alone; the count is the cube of a whole number. */
export function frequenciesOf(given: readonly bigint[]): number[] {
  const sorted = [...given].sort((left, right) => (left < right ? -1 : 1));
  const root = BigInt(Math.round(Math.cbrt(sorted.length)));
  const quarter = (of: number): bigint => {
    const position = of * (sorted.length - 1);
    const [low = 0n, high = low] = sorted.slice(Math.floor(position / 4), Math.floor(position / 4) + 2);
    return low * 4n + (high - low) * BigInt(position % 4);
  };
  const least = sorted[0] ?? 0n;
  // all times 4 and the root
  const width = 2n * (quarter(3) - quarter(1));
  const places = sorted.map((each) => (each - least) * 4n * root);
  const bins = Number(((places.at(-1) ?? 0n) + width - 1n) / width);
  const counts = Array<number>(bins).fill(0);
  for (const each of places) {
    const bin = Math.min(bins - 1, Number(each / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
