import { defineSignal, patched, setHandler, sleep } from '@temporalio/workflow';
import { PRESSURE_SIGNAL, type LoadedSide, type PressureNews } from '../contract/shared-load.js';
import { LONGEST_WAIT_MS } from '../contract/waits.js';
import type { RunPlan } from '../contract/run-plan.js';
import { Lanes } from './lanes.js';

export const pressureSignal = defineSignal<[news: PressureNews]>(PRESSURE_SIGNAL);

/** Runs that began before their lanes heard of both sides go on without. */
const BOTH_SIDES = 'lanes-of-both-sides';

/**
 * What this run or another reports about a source or catalog that asks to slow down: this run waits just as long, and
 * continues with one lane less on that side.
 */
export class Pressure {
  readonly #sides: Readonly<Record<LoadedSide, { until: number; lanes: Lanes[]; shared: Lanes[] }>> = {
    source: { until: 0, lanes: [], shared: [] },
    catalog: { until: 0, lanes: [], shared: [] },
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
    for (const side of Object.values(this.#sides)) Object.assign(side, { lanes: [], shared: [] });
  }

  /** Lanes that news of that side narrow. @param other a side that what runs in them meets as well */
  lanes(side: LoadedSide, limit: number, other?: LoadedSide): Lanes {
    const lanes = new Lanes(limit);
    this.#sides[side].lanes.push(lanes);
    if (other !== undefined) this.#sides[other].shared.push(lanes);
    return lanes;
  }

  /** Waits as long as the side asked for. */
  async over(side: LoadedSide): Promise<void> {
    for (let wait = this.#wait(side); wait > 0; wait = this.#wait(side)) await sleep(wait);
  }

  /** The same of the other side of lanes that have two. */
  async overOther(side: LoadedSide): Promise<void> {
    if (this.#wait(side) > 0 && patched(BOTH_SIDES)) await this.over(side);
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
    if (now >= pressed.until) {
      for (const lanes of pressed.lanes) lanes.narrow();
      if (pressed.shared.length > 0 && patched(BOTH_SIDES)) for (const lanes of pressed.shared) lanes.narrow();
    }
    pressed.until = Math.max(pressed.until, now + Math.min(retryAfterMs, LONGEST_WAIT_MS));
  }
}
