import type { PartRecorder } from '../report/index.js';
import type { MetadataSource } from '../sources/index.js';

export interface VisibilityGateInput {
  /** Opened when there is something to ask, closed by the caller. */
  readonly source: () => Promise<MetadataSource>;
  /** What the source's user could see when the listing began. */
  readonly visibility: string;
  readonly recorder: PartRecorder;
}

/** Asks the source only while its user sees what it saw when the listing began: a lost grant looks like a dropped table. */
export class VisibilityGate {
  #unchanged: boolean | undefined;

  constructor(private readonly input: VisibilityGateInput) {}

  async ask(
    scopeFqn: string,
    names: readonly string[],
    look: (source: MetadataSource) => Promise<readonly string[]>
  ): Promise<readonly string[]> {
    const source = await this.input.source();
    this.#unchanged ??= (await source.visibility()) === this.input.visibility;
    if (this.#unchanged) return look(source);
    this.input.recorder.failure(
      'source',
      scopeFqn,
      'What the user may see changed while the run read the source, so nothing is marked deleted here. Check its grants and run again.'
    );
    return names;
  }
}
