import type { DealtSessions, RunningExecution, SessionsWish } from '../contract/shared-load.js';

/**
 * Who holds sessions of a source and who waits. A run that holds fewer comes first; among equals, the wish that came
 * first. A run of a thousand units thus never shuts out a run of three. Pure bookkeeping, the same on every replay.
 */
export class SessionDeals {
  readonly #granted = new Map<string, SessionsWish>();
  readonly #waiting = new Map<string, SessionsWish>();
  /** Granted ones that are to be told once more. */
  readonly #again = new Set<string>();

  constructor(granted: readonly SessionsWish[] = [], waiting: readonly SessionsWish[] = []) {
    for (const wish of granted) this.#granted.set(wish.permit, wish);
    for (const wish of waiting) this.#waiting.set(wish.permit, wish);
  }

  get empty(): boolean {
    return this.#granted.size + this.#waiting.size === 0;
  }

  get granted(): readonly SessionsWish[] {
    return [...this.#granted.values()];
  }

  get waiting(): readonly SessionsWish[] {
    return [...this.#waiting.values()];
  }

  /** A wish that is repeated because its run heard nothing keeps its place. */
  want(wish: SessionsWish): void {
    this.#granted.delete(wish.permit);
    if (!this.#waiting.has(wish.permit)) this.#waiting.set(wish.permit, wish);
  }

  /**
   * A repeated wish that was granted is told again, and held all the while: wish and grant may have crossed, and then
   * its run reads already.
   */
  tellAgain(permit: string): void {
    this.#again.add(permit);
  }

  holds(permit: string): boolean {
    return this.#granted.has(permit);
  }

  end(permit: string): void {
    this.#granted.delete(permit);
    this.#waiting.delete(permit);
    this.#again.delete(permit);
  }

  endRun(runId: string): void {
    for (const { permit, holder } of [...this.granted, ...this.waiting]) if (holder.runId === runId) this.end(permit);
  }

  /**
   * Grants one wish, if one is due: fewer sessions than it wants where a run that is there allows no more, and the wish
   * makes do with them. One activity may always read, however many sessions it holds.
   */
  grantNext(): SessionsWish | undefined {
    const [again] = this.#again;
    if (again !== undefined) {
      this.#again.delete(again);
      return this.#granted.get(again);
    }
    const holding = new Map<string, number>();
    for (const { holder, each } of this.#granted.values())
      holding.set(holder.runId, (holding.get(holder.runId) ?? 0) + each);
    let next: SessionsWish | undefined;
    for (const wish of this.#waiting.values()) {
      const before = next === undefined ? Infinity : (holding.get(next.holder.runId) ?? 0);
      if ((holding.get(wish.holder.runId) ?? 0) < before) next = wish;
    }
    if (next === undefined) return undefined;
    const held = this.#held();
    const most = this.#most() ?? 0;
    const each = Math.min(next.each, Math.max(next.least ?? next.each, most));
    if (held > 0 && held + each > most) return undefined;
    const granted = { ...next, each };
    this.#waiting.delete(next.permit);
    this.#granted.set(next.permit, granted);
    return granted;
  }

  /** Each run that holds or waits for sessions, once. */
  holders(): RunningExecution[] {
    const runs = new Map([...this.granted, ...this.waiting].map(({ holder }) => [holder.runId, holder]));
    return [...runs.values()];
  }

  state(): DealtSessions {
    const holders: Record<string, number> = {};
    for (const { holder, each } of this.#granted.values())
      holders[holder.workflowId] = (holders[holder.workflowId] ?? 0) + each;
    const most = this.#most();
    return { held: this.#held(), waiting: this.#waiting.size, holders, ...(most === undefined ? {} : { most }) };
  }

  #held(): number {
    return this.granted.reduce((sum, { each }) => sum + each, 0);
  }

  #most(): number | undefined {
    const all = [...this.granted, ...this.waiting].map(({ most }) => most);
    return all.length === 0 ? undefined : Math.min(...all);
  }
}
