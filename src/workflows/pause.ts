import { condition, setHandler } from '@temporalio/workflow';
import { pauseSignal, resumeSignal } from './signals.js';

/** Between the two signals nothing more of the run begins; what is under way continues to its end. */
export class Pause {
  #paused: boolean;

  /** @param onChange called with the new state */
  constructor(paused: boolean, onChange: (paused: boolean) => void) {
    this.#paused = paused;
    const set = (value: boolean) => (): void => {
      this.#paused = value;
      onChange(value);
    };
    setHandler(pauseSignal, set(true));
    setHandler(resumeSignal, set(false));
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Waits while the run is paused. */
  async over(): Promise<void> {
    if (this.#paused) await condition(() => !this.#paused);
  }
}
