/** Now if the value is there, otherwise later. */
export type Awaitable<T> = T | Promise<T>;

/** Continues with an answer: at once if it is there. */
export function afterwards<T, Next>(answer: Awaitable<T>, next: (answer: T) => Awaitable<Next>): Awaitable<Next> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
