/** The longest wait that another side may ask for (Retry-After), milliseconds: it is asked again then. */
export const LONGEST_WAIT_MS = 15 * 60_000;
