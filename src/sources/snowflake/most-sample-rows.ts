/** More is refused by `SAMPLE (… ROWS)`. */
export const MOST_SAMPLE_ROWS = 1_000_000;
