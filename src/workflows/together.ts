import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs the work of all units at once and waits for all of it. A failing unit cancels its siblings, so that no part of
 * the run is still working when the run reports its end; the first failure is thrown, not the cancellations that it
 * caused.
 */
export async function together<T>(units: readonly T[], work: (unit: T) => Promise<void>): Promise<void> {
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const errors: unknown[] = [];
    await Promise.all(
      units.map((unit) =>
        work(unit).catch((error: unknown) => {
          errors.push(error);
          scope.cancel();
        })
      )
    );
    if (errors.length > 0) throw errors[0];
  });
}

/** The whole numbers from `first` up to, not including, `end`. */
export function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
