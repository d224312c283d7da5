import type { ProfilerRecipe } from '../recipe/index.js';
import type { ListedTable } from './plan-units.js';
import { named } from './named.js';

/** Tables for which a limit of size can't hold: the source's catalogue doesn't say their size. */
export class UnboundedTables {
  readonly #limits: readonly (readonly [limit: 'maxRows' | 'maxBytes', of: 'rows' | 'bytes', tables: string[]])[];

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

  /** For the report. */
  lines(): string[] {
    return this.#limits.flatMap(([limit, of, tables]) =>
      tables.length === 0
        ? []
        : [
            `${limit} does not hold for tables whose ${of} the source's catalogue does not say: ${named(tables)}. They are measured whole; profileSampleConfig, partitionConfig or timeoutSeconds bound them.`,
          ]
    );
  }
}
