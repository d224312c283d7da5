/** Statements that run one behind the other: tokens from `from` up to `to`, with the forks among them, in order. */
export interface Branch {
  readonly from: number;
  readonly to: number;
  readonly forks: readonly Fork[];
  /** It ends with a RETURN or its like. */
  readonly leaves: boolean;
}

export interface Fork {
  readonly from: number;
  readonly to: number;
  /**
   * One of its branches runs; one runs any number of times; the first runs, and the others where it fails; it runs
   * somewhere behind.
   */
  readonly kind: 'choice' | 'loop' | 'try' | 'handler';
  readonly branches: readonly Branch[];
  /** Variables of a routine's or block's own, in lower case: those of the same name around it are others. */
  readonly own?: ReadonlySet<string>;
  /** Its own variables are made among its statements: those around it hold up to there. */
  readonly isLate?: boolean;
  /** Where its one branch is left before its end: EXIT, LEAVE. */
  readonly left?: readonly number[];
  /** Where a loop goes on to its next round before its end. */
  readonly again?: readonly number[];
  /** One branch runs for certain. */
  readonly isWhole: boolean;
}

/** The fork among a branch's own in which a token is. */
export function forkAt({ forks }: Branch, index: number): Fork | undefined {
  let low = 0;
  let high = forks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((forks[middle]?.to ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  const fork = forks[low];
  return fork !== undefined && fork.from <= index ? fork : undefined;
}

/** The innermost branch in which a token is. */
export function branchAt(flow: Branch, index: number): Branch {
  const within = forkAt(flow, index)?.branches.find((branch) => contains(branch, index));
  return within === undefined ? flow : branchAt(within, index);
}

export function contains({ from, to }: Branch, index: number): boolean {
  return from <= index && index < to;
}

/** Where the innermost routine or block around a token begins whose own the variable is; else 0. */
export function scopeStart(flow: Branch, index: number, name: string): number {
  return scopesAround(flow, index, name).at(-1)?.from ?? 0;
}

/** Routines and blocks around a token whose own the variable is, the outermost first. */
export function scopesAround(flow: Branch, index: number, name: string): readonly Fork[] {
  const scopes: Fork[] = [];
  let branch: Branch | undefined = flow;
  while (branch !== undefined) {
    const fork: Fork | undefined = forkAt(branch, index);
    if (fork?.own?.has(name) === true && fork.isLate !== true) scopes.push(fork);
    branch = fork?.branches.find((each) => contains(each, index));
  }
  return scopes;
}
