/** At once where that takes no time, else later. */
export type Awaitable<T> = T | Promise<T>;

/** What follows from an answer, at once where the answer is there. */
export function afterwards<T, Next>(answer: Awaitable<T>, next: (answer: T) => Awaitable<Next>): Awaitable<Next> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
