/** Ends the remedy of what a run waits for. A worker that starts has no run: it says something else there. */
export const CONTINUES = 'The run then continues by itself.';
