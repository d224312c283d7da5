import { countWords } from '../../contract/count-words.js';

/** Rows of a file that are left out: the first for each reason is told at once, how many more when the file is read. */
export class LeftOutRows {
  readonly #more = new Map<string, number>();

  constructor(
    private readonly file: string,
    private readonly onWarning: (message: string) => void
  ) {}

  add(reason: string): void {
    const before = this.#more.get(reason);
    this.#more.set(reason, before === undefined ? 0 : before + 1);
    if (before === undefined) this.onWarning(`A row of ${this.file} was left out: ${reason}`);
  }

  finish(): void {
    for (const [reason, more] of this.#more)
      if (more > 0) this.onWarning(`${countWords(more, 'more row', 'more rows')} of ${this.file} left out: ${reason}`);
  }
}
