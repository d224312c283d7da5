import { waitText, type RunWait } from './run-waits.js';

/** A long wait is mentioned again this often. */
const REPEAT_MS = 60_000;

interface Told {
  readonly reason: string;
  readonly at: number;
}

/** Turns what a run waits for, polled again and again, into the lines worth printing. */
export class RunWaitWatch {
  #told = new Map<string, Told>();

  constructor(private readonly now: () => number = Date.now) {}

  /** One line for each activity that begins to wait, whose reason changed, or that has waited another minute. */
  lines(waits: readonly RunWait[]): string[] {
    const now = this.now();
    const told = new Map<string, Told>();
    const lines: string[] = [];
    for (const wait of waits) {
      // several units may wait for the same: one line for all
      if (told.has(wait.activity)) continue;
      const before = this.#told.get(wait.activity);
      const isNew = before === undefined || before.reason !== wait.reason || now - before.at >= REPEAT_MS;
      if (isNew) lines.push(waitText(wait));
      told.set(wait.activity, { reason: wait.reason, at: isNew ? now : before.at });
    }
    this.#told = told;
    return lines;
  }
}
