import type { ProfilerRecipe } from '../recipe/index.js';
import type { ListedTable } from './plan-units.js';
import { named } from './named.js';

/** Tables for which a limit of size or a sample by size can't hold: the source's catalogue doesn't say their size. */
export class UnboundedTables {
  readonly #limits: readonly (readonly [limit: 'maxRows' | 'maxBytes', of: 'rows' | 'bytes', tables: string[]])[];

  readonly #dynamic: string[] = [];
  readonly #cut = new Map<number, string[]>();
  readonly #untold: string[] = [];

  constructor({ workflowConfig }: ProfilerRecipe) {
    const own = workflowConfig.config?.profiler;
    const limits = [
      ['maxRows', 'rows'],
      ['maxBytes', 'bytes'],
    ] as const;
    this.#limits = limits.flatMap(([limit, of]) =>
      own?.[limit] === undefined ? [] : [[limit, of, new Array<string>()] as const]
    );
  }

  see({ fqn, facts }: Pick<ListedTable, 'fqn' | 'facts'>): void {
    for (const [, of, tables] of this.#limits) if (facts[of] === undefined) tables.push(fqn);
  }

  /** A table that has a dynamic sample. */
  seeDynamic(fqn: string): void {
    this.#dynamic.push(fqn);
  }

  /** A table that was profiled before, of which the source does not say whether it changed. */
  seeUntold(fqn: string): void {
    this.#untold.push(fqn);
  }

  /** A table whose sample is of more rows than the source samples at once. */
  seeCut(fqn: string, most: number): void {
    this.#cut.set(most, [...(this.#cut.get(most) ?? []), fqn]);
  }

  /** For the report. */
  lines(): string[] {
    const samples =
      this.#dynamic.length === 0
        ? []
        : [
            `A DYNAMIC profileSampleConfig samples no table whose rows the source's catalogue does not say: ${named(this.#dynamic)}. They are measured whole; a STATIC one, partitionConfig or timeoutSeconds bound them.`,
          ];
    const limits = this.#limits.flatMap(([limit, of, tables]) =>
      tables.length === 0
        ? []
        : [
            `${limit} does not hold for tables whose ${of} the source's catalogue does not say: ${named(tables)}. They are measured whole; profileSampleConfig, partitionConfig or timeoutSeconds bound them.`,
          ]
    );
    const cut = [...this.#cut].map(
      ([most, tables]) =>
        `The source samples ${most} rows at most, and so many are measured of tables whose profileSample is larger: ${named(tables)}. A PERCENTAGE may be more.`
    );
    const untold =
      this.#untold.length === 0
        ? []
        : [
            `The source does not say whether these changed since their last profile, so they are profiled again: ${named(this.#untold)}. Some servers forget the times of changes when they restart, and some kinds of tables have none.`,
          ];
    return [...limits, ...samples, ...cut, ...untold];
  }
}
