/** Tells that a worker of the store is alive. It has its own queue and slot, so that busy workers answer too. */
export async function sayAlive(): Promise<void> {
  // that it ran is the answer
}
