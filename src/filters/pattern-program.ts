import { RegExpParser, type AST } from '@eslint-community/regexpp';

/**
 * States of a machine that reads a text character by character; `next` is the number of a state. A machine that looks
 * behind reads backwards.
 */
export type State =
  | { readonly kind: 'sign'; readonly fits: SignTest; next: number }
  | { readonly kind: 'either'; first: number; second: number }
  | { readonly kind: 'edge'; readonly edge: Edge; next: number }
  | { readonly kind: 'look'; readonly machine: Machine; readonly negate: boolean; next: number }
  | { readonly kind: 'found' };

/** Start or end of the text, of any of its lines, of a word of ASCII letters, or not of a word. */
export type Edge = 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'no-word';

export type SignTest = (codePoint: number) => boolean;

export interface Machine {
  readonly states: readonly State[];
  readonly start: number;
  readonly backwards: boolean;
  /** States in it and in the machines within it. */
  readonly size: number;
}

/** A pattern with a back-reference, which no such machine can follow. */
export class BackReference extends Error {}

/** States in all machines of a pattern: matching a name costs at most this times its length. */
const MOST_STATES = 20_000;

/**
 * The machine of a regular expression in JavaScript's syntax, read with the flags `iu` and those given (`m`, `s`).
 * @throws Error saying what is wrong with it or that it is too large; BackReference
 */
export function compileProgram(source: string, flags: string): Machine {
  const pattern = new RegExpParser({ ecmaVersion: 2023 }).parsePattern(source, 0, source.length, { unicode: true });
  return new Compiler(flags).machine(pattern.alternatives, false);
}

class Compiler {
  #count = 0;
  readonly #tests = new Map<string, SignTest>();
  #states: State[] = [];
  #backwards = false;

  constructor(private readonly flags: string) {}

  machine(alternatives: readonly AST.Alternative[], backwards: boolean): Machine {
    const before = this.#count;
    const outer = { states: this.#states, backwards: this.#backwards };
    const states: State[] = [];
    this.#states = states;
    this.#backwards = backwards;
    const start = this.#either(alternatives, this.#add({ kind: 'found' }));
    this.#states = outer.states;
    this.#backwards = outer.backwards;
    return { states, start, backwards, size: this.#count - before };
  }

  #add(state: State): number {
    this.#counted(1, 'counted repetitions and alternatives are written out when it is read');
    return this.#states.push(state) - 1;
  }

  #counted(states: number, why: string): void {
    this.#count += states;
    if (this.#count > MOST_STATES) throw new Error(`it is too large: ${why}`);
  }

  /** Built from the end: each part is given the state that follows it. */
  #either(alternatives: readonly AST.Alternative[], next: number): number {
    return alternatives
      .map((alternative) => this.#sequence(alternative, next))
      .reduceRight((second, first) => this.#add({ kind: 'either', first, second }));
  }

  #sequence(alternative: AST.Alternative, next: number): number {
    const { elements } = alternative;
    const ordered = this.#backwards ? elements : elements.toReversed();
    return ordered.reduce((following, element) => this.#element(element, following), next);
  }

  #element(element: AST.Element, next: number): number {
    switch (element.type) {
      case 'CharacterClass':
        if (!this.#tests.has(element.raw))
          this.#counted(costOf(element), 'each range and each `\\w` of its classes `[…]` is looked up when it is read');
        return this.#add({ kind: 'sign', fits: this.#test(element.raw), next });
      case 'Character':
      case 'CharacterSet':
        return this.#add({ kind: 'sign', fits: this.#test(element.raw), next });
      case 'Group':
      case 'CapturingGroup':
        return this.#either(element.alternatives, next);
      case 'Quantifier':
        return this.#repeated(element, next);
      case 'Assertion':
        return this.#assertion(element, next);
      case 'Backreference':
        throw new BackReference();
      default:
        throw new Error(`${element.raw.slice(0, 20)} is not supported`);
    }
  }

  #repeated({ min, max, element }: AST.Quantifier, next: number): number {
    let start = next;
    // what takes no state, such as `(?:)`, means the same however often
    const copies = (count: number): number => (isEmpty(element) ? Math.min(count, 1) : count);
    if (max === Number.POSITIVE_INFINITY) {
      const again: State = { kind: 'either', first: next, second: next };
      start = this.#add(again);
      again.first = this.#element(element, start);
    } else {
      for (let left = copies(max - min); left > 0; left -= 1) {
        start = this.#add({ kind: 'either', first: this.#element(element, start), second: next });
      }
    }
    for (let left = copies(min); left > 0; left -= 1) start = this.#element(element, start);
    return start;
  }

  #assertion(element: AST.Assertion, next: number): number {
    switch (element.kind) {
      case 'start':
      case 'end':
        return this.#add({
          kind: 'edge',
          edge: this.flags.includes('m') ? `line-${element.kind}` : element.kind,
          next,
        });
      case 'word':
        return this.#add({ kind: 'edge', edge: element.negate ? 'no-word' : 'word', next });
      default: {
        const machine = this.machine(element.alternatives, element.kind === 'lookbehind');
        return this.#add({ kind: 'look', machine, negate: element.negate, next });
      }
    }
  }

  /** JavaScript's own expressions decide about single characters: on those they can't take long. */
  #test(raw: string): SignTest {
    const known = this.#tests.get(raw);
    if (known !== undefined) return known;
    const regex = new RegExp(`^${raw}$`, `${this.flags.includes('s') ? 's' : ''}iu`);
    const answers = new Map<number, boolean>();
    const test: SignTest = (codePoint) => {
      const answer = answers.get(codePoint);
      if (answer !== undefined) return answer;
      const fits = regex.test(String.fromCodePoint(codePoint));
      if (answers.size < REMEMBERED_SIGNS) answers.set(codePoint, fits);
      return fits;
    };
    this.#tests.set(raw, test);
    return test;
  }
}

/** In states: reading a class takes a time that grows with its members, those of many characters above all. */
function costOf({ elements }: AST.CharacterClass): number {
  const costs = elements.map((member) => {
    if (member.type === 'Character') return 1;
    const isNarrow = member.type === 'CharacterClassRange' && member.max.value - member.min.value < NARROW;
    return isNarrow ? 1 : COST_OF_WIDE;
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** Characters of a range: letters, digits, an alphabet. */
const NARROW = 256;
const COST_OF_WIDE = 50;

function isEmpty(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.max === 0 || isEmpty(element.element);
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return false;
  return element.alternatives.every(({ elements }) => elements.every(isEmpty));
}

const REMEMBERED_SIGNS = 4_096;
