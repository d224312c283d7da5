/** Says that a worker of the store is there. It has a queue and a slot of its own, so that busy workers answer too. */
export async function sayAlive(): Promise<void> {
  // That it ran is the answer.
}
