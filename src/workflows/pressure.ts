import { defineSignal, setHandler, sleep } from '@temporalio/workflow';
import { PRESSURE_SIGNAL, type LoadedSide, type PressureNews } from '../contract/shared-load.js';
import { LONGEST_WAIT_MS } from '../contract/waits.js';
import type { RunPlan } from '../contract/run-plan.js';
import { Lanes } from './lanes.js';

export const pressureSignal = defineSignal<[news: PressureNews]>(PRESSURE_SIGNAL);

/**
 * What other runs report about a source or catalog that asks to slow down: this run waits just as long, and continues
 * with one lane less on that side, like the run that was asked.
 */
export class Pressure {
  readonly #sides: Readonly<Record<LoadedSide, { until: number; lanes: Lanes[] }>> = {
    source: { until: 0, lanes: [] },
    catalog: { until: 0, lanes: [] },
  };
  #keys: RunPlan['shared'];

  constructor() {
    setHandler(pressureSignal, (news) => this.#hear(news));
  }

  /** The run has this plan from now on. */
  begin({ shared }: RunPlan): void {
    this.#keys = shared;
  }

  /** A stage begins: the lanes of the last one are of no use any more. */
  forgetLanes(): void {
    for (const side of Object.values(this.#sides)) side.lanes = [];
  }

  /** Lanes that news of that side narrow. */
  lanes(side: LoadedSide, limit: number): Lanes {
    const lanes = new Lanes(limit);
    this.#sides[side].lanes.push(lanes);
    return lanes;
  }

  /** Waits as long as the side asked for. */
  async over(side: LoadedSide): Promise<void> {
    for (let wait = this.#wait(side); wait > 0; wait = this.#wait(side)) await sleep(wait);
  }

  #wait(side: LoadedSide): number {
    const { until } = this.#sides[side];
    // don't consult the clock when nothing was heard
    return until === 0 ? 0 : until - Date.now();
  }

  /** News that arrives while it is already waiting is about the same pressure. */
  #hear({ side, key, retryAfterMs }: PressureNews): void {
    if (this.#keys?.[side] !== key) return;
    const pressed = this.#sides[side];
    const now = Date.now();
    if (now >= pressed.until) for (const lanes of pressed.lanes) lanes.narrow();
    pressed.until = Math.max(pressed.until, now + Math.min(retryAfterMs, LONGEST_WAIT_MS));
  }
}
