/** The longest wait that another side may ask for (Retry-After), milliseconds; then it is asked again. */
export const LONGEST_WAIT_MS = 15 * 60_000;
