import type { Edge, Machine, State } from './pattern-program.js';

/** Thrown when a text takes longer than any sensible pattern and name do. */
export class TooManySteps extends Error {
  constructor() {
    super('it takes too long for a text of this length');
  }
}

/** A step is some nanoseconds: a tenth of a second at most. */
const MOST_STEPS = 5_000_000;

let steps = 0;

/** Steps of all searches of this process. */
export function takenSteps(): number {
  return steps;
}

/**
 * Whether the machine's pattern matches at the start of the text, or anywhere in it. All ways are followed side by
 * side, character by character, so that the time is proportional to the length of the text, whatever the pattern.
 * @throws TooManySteps
 */
export function findsPattern(machine: Machine, text: string, anywhere: boolean): boolean {
  const search = new Search(Array.from(text, (sign) => sign.codePointAt(0) ?? 0));
  try {
    return search.finds(machine, 0, anywhere);
  } finally {
    steps += search.steps;
  }
}

class Search {
  #stepsLeft = MOST_STEPS;
  /** For each machine that looks ahead or behind: what it found at a place. */
  readonly #looks = new Map<Machine, Map<number, boolean>>();

  constructor(private readonly text: readonly number[]) {}

  get steps(): number {
    return MOST_STEPS - this.#stepsLeft;
  }

  finds(machine: Machine, from: number, anywhere: boolean): boolean {
    const { backwards, states } = machine;
    const last = backwards ? 0 : this.text.length;
    const seen = new Int32Array(states.length).fill(-1);
    let alive: number[] = [];
    for (let at = from; ; at += backwards ? -1 : 1) {
      const entry = at === from || anywhere ? [...alive, machine.start] : alive;
      const signs = this.#reach(states, entry, at, seen);
      if (signs === 'found') return true;
      if (at === last) return false;
      const sign = this.text[backwards ? at - 1 : at] ?? 0;
      alive = [];
      for (const state of signs) if (state.fits(sign)) alive.push(state.next);
      if (alive.length === 0 && !anywhere) return false;
    }
  }

  /**
   * The states that read the next character, reached without reading one. `seen` says at which place a state was last
   * reached.
   */
  #reach(
    states: readonly State[],
    entry: readonly number[],
    at: number,
    seen: Int32Array
  ): Extract<State, { kind: 'sign' }>[] | 'found' {
    const open = [...entry];
    const signs: Extract<State, { kind: 'sign' }>[] = [];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      this.#stepsLeft -= 1;
      if (this.#stepsLeft < 0) throw new TooManySteps();
      const state = states[number];
      if (state === undefined || seen[number] === at) continue;
      seen[number] = at;
      switch (state.kind) {
        case 'found':
          return 'found';
        case 'sign':
          signs.push(state);
          break;
        case 'either':
          open.push(state.first, state.second);
          break;
        case 'edge':
          if (this.#isEdge(state.edge, at)) open.push(state.next);
          break;
        case 'look':
          if (this.#look(state.machine, at) !== state.negate) open.push(state.next);
      }
    }
    return signs;
  }

  #isEdge(edge: Edge, at: number): boolean {
    switch (edge) {
      case 'start':
        return at === 0;
      case 'end':
        return at === this.text.length;
      case 'line-start':
        return at === 0 || this.text[at - 1] === NEW_LINE;
      case 'line-end':
        return at === this.text.length || this.text[at] === NEW_LINE;
      default:
        return (isWord(this.text[at - 1]) !== isWord(this.text[at])) === (edge === 'word');
    }
  }

  #look(machine: Machine, at: number): boolean {
    const answers = this.#looks.get(machine) ?? new Map<number, boolean>();
    this.#looks.set(machine, answers);
    const known = answers.get(at);
    if (known !== undefined) return known;
    this.#stepsLeft -= machine.states.length;
    const found = this.finds(machine, at, false);
    answers.set(at, found);
    return found;
  }
}

const NEW_LINE = 10;

function isWord(sign: number | undefined): boolean {
  return sign !== undefined && /^\w$/.test(String.fromCodePoint(sign));
}
