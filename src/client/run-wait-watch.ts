import { waitText, type RunWait } from './run-waits.js';

/** A long wait is mentioned again this often. */
const REPEAT_MS = 60_000;

interface Told {
  readonly reason: string;
  readonly struggles: boolean;
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
      const struggles = wait.struggles === true;
      // Calls that fail one after the other are one reason, whichever is the newest.
      const isOther = before === undefined || (struggles ? !before.struggles : before.reason !== wait.reason);
      const isNew = isOther || now - before.at >= REPEAT_MS;
      if (isNew) lines.push(waitText(wait));
      told.set(wait.activity, { reason: wait.reason, struggles, at: isNew ? now : before.at });
    }
    this.#told = told;
    return lines;
  }
}
