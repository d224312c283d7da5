/** The longest wait that another side may ask for (Retry-After), milliseconds; then it is asked again. */
export const LONGEST_WAIT_MS = 15 * 60_000;
/** The shortest one: asked for less, this long is waited. */
export const SHORTEST_WAIT_MS = 1_000;

/** Between the attempts of an activity, milliseconds: doubled from the first to the longest. */
export const FIRST_BACK_OFF_MS = 1_000;
export const LONGEST_BACK_OFF_MS = 60_000;

/** How long OpenMetadata may be silent before or within an answer, milliseconds; then the call is given up. */
export const LONGEST_SILENCE_MS = 300_000;
