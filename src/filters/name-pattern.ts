import { beginning, PermanentError } from '../errors/index.js';
import type { Awaitable } from './awaitable.js';
import { BackReference, compileProgram } from './pattern-program.js';
import { TooSlow } from './regex-thread.js';
import { findsPattern, TooManySteps } from './run-program.js';
import { MOST_SIGNS, SlowRegex, SpentTime } from './slow-regex.js';

/** A compiled pattern over names. */
export interface NamePattern {
  /** It has back-references: it answers later, from a separate thread. */
  readonly isSlow: boolean;
  /** @throws PermanentError naming the pattern when the name takes too long: no pattern can stop a worker. */
  test(name: string): Awaitable<boolean>;
}

/** Of a pattern's text. */
const LONGEST_PATTERN = 10_000;

export interface PatternWords {
  /** As the recipe has it, for messages. */
  readonly asGiven: string;
  /** The same in JavaScript's syntax (with the flag `u`). */
  readonly source: string;
  /** `m` and `s`, if set; case is always ignored. */
  readonly flags: string;
  /** Whether it may match anywhere in a name, not only at its start. */
  readonly anywhere: boolean;
  /** Shared by the patterns of a list; default: its own. */
  readonly spent?: SpentTime;
}

/**
 * Matching time only grows with the length of the name, look-around included; back-references run in a separate thread,
 * under a time limit.
 * @throws Error (a phrase) saying what is wrong with the pattern
 */
export function namePattern({ asGiven, source, flags, anywhere, spent = new SpentTime() }: PatternWords): NamePattern {
  checkLength(asGiven);
  try {
    const machine = compileProgram(source, flags);
    spent.addStates(machine.size);
    return { isSlow: false, test: (name) => atOnce(asGiven, name, () => findsPattern(machine, name, anywhere)) };
  } catch (error) {
    if (!(error instanceof BackReference)) throw error;
  }
  if (asGiven.length > MOST_SIGNS) {
    throw new Error(`it has a back-reference and ${asGiven.length} characters; such patterns may have ${MOST_SIGNS}`);
  }
  const regex = new SlowRegex(anywhere ? source : `(?<![\\s\\S])(?:${source})`, `${flags}iu`, spent);
  return {
    isSlow: true,
    test: (name) =>
      regex.test(name).catch((error: unknown) => {
        throw tooSlow(asGiven, name, error);
      }),
  };
}

/** @throws Error (a phrase) */
export function checkLength(pattern: string): void {
  if (pattern.length > LONGEST_PATTERN) {
    throw new Error(`it has ${pattern.length} characters; a pattern may have ${LONGEST_PATTERN}`);
  }
}

/** The beginning of a pattern, for messages. */
export function shownPattern(pattern: string): string {
  return pattern.length > 80 ? `${beginning(pattern, 79)}…` : pattern;
}

function atOnce(pattern: string, name: string, test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    throw tooSlow(pattern, name, error);
  }
}

function tooSlow(pattern: string, name: string, error: unknown): unknown {
  if (!(error instanceof TooManySteps) && !(error instanceof TooSlow)) return error;
  return new PermanentError(
    `The pattern \`${shownPattern(pattern)}\` was given up on a name of ${name.length} characters: ${error.message}.`,
    { remedy: 'Write it without back-references and nested repetitions, or as several patterns.' }
  );
}
