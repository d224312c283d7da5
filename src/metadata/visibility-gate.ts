import { entityFqn } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Doubt, MetadataSource, ScopeRef, ScopeRights, SourceEntity } from '../sources/index.js';
import type { Catalog } from './catalog.js';
import { COLLECTION } from './delete-flags.js';
import { rightsLost } from './standing.js';
import type { Standing } from './standing-fact.js';
import { countWords } from '../contract/count-words.js';

/** Names that the source is asked about at once. */
const NAMES = 500;
/** Names per doubt in a message. */
const NAMED = 3;
const HOUR_MS = 3_600_000;

export interface VisibilityGateInput {
  readonly service: string;
  /** Opened when there is something to ask; the caller closes it. */
  readonly source: () => Promise<MetadataSource>;
  /** What the source's user could see when the listing began. */
  readonly visibility: string;
  /** What an earlier run of the pipeline left; absent without a pipeline, or when it is the first. */
  readonly earlier: Standing | undefined;
  /** The run belongs to a pipeline: what it sees is remembered for the next one. */
  readonly remembers: boolean;
  /** Asked since when it has had what is merely not seen. */
  readonly catalog: Catalog;
  /** Of the run, epoch milliseconds. */
  readonly startedAt: number;
  readonly recorder: PartRecorder;
  /** Called for each name that is held back. */
  readonly onHeld?: (fqn: string, reason: string) => void;
}

const CHANGED =
  'What the user may see changed while the run read the source, so nothing is marked deleted here. Check its grants and run again.';

/**
 * Distinguishes what is gone from what is merely not seen. The source is asked once more, and only if its user still
 * sees what it saw when the listing began. What its rights don't prove gone is held back: a lost right looks like a
 * dropped table.
 */
export class VisibilityGate {
  #unchanged: boolean | undefined;
  #rights: readonly ScopeRights[] | undefined;

  constructor(private readonly input: VisibilityGateInput) {}

  /** Those of `names`, which the listing didn't show, that are gone. Reports what is held back. */
  async gone(scope: ScopeRef, entity: SourceEntity, names: readonly string[]): Promise<string[]> {
    const source = await this.input.source();
    this.#unchanged ??= (await source.visibility()) === this.input.visibility;
    if (!this.#unchanged) {
      this.#reportChange(scope, names);
      return [];
    }
    const gone: string[] = [];
    for (let start = 0; start < names.length; start += NAMES)
      gone.push(...(await this.#goneOf(source, scope, entity, names.slice(start, start + NAMES))));
    return gone;
  }

  async #goneOf(
    source: MetadataSource,
    scope: ScopeRef,
    entity: SourceEntity,
    names: readonly string[]
  ): Promise<string[]> {
    const there = new Set(await stillThere(source, scope, entity, names));
    const missing = names.filter((name) => !there.has(name));
    if (missing.length === 0) return [];
    const doubts = (await source.doubts?.(scope, entity, missing)) ?? [];
    const held = await this.#held(source, scope, entity, doubts);
    this.#report(scope, entity, held);
    const heldNames = new Set(held.map(({ name }) => name));
    return missing.filter((name) => !heldNames.has(name));
  }

  /** Doubts, each with what hinders a proof. */
  async #held(
    source: MetadataSource,
    scope: ScopeRef,
    entity: SourceEntity,
    doubts: readonly Doubt[]
  ): Promise<Doubt[]> {
    const held: Doubt[] = [];
    for (const doubt of doubts) {
      const why =
        doubt.kind === 'hidden'
          ? ''
          : doubt.kind === 'unproven'
            ? await this.#whyUnproven(source, scope)
            : await this.#whyRecent(scope, entity, doubt);
      if (why !== undefined) held.push({ ...doubt, reason: `${doubt.reason}${why}` });
    }
    return held;
  }

  /** Undefined when no right on the scope was lost since the last complete run. */
  async #whyUnproven(source: MetadataSource, scope: ScopeRef): Promise<string | undefined> {
    const { earlier, service, remembers } = this.input;
    this.#rights ??= (await source.rights?.()) ?? [];
    return {
      none: undefined,
      some: ' A right on it is lost since the last complete run.',
      unknown: remembers
        ? ' No earlier run of the pipeline is known to have seen it with the rights of now. Delete them in OpenMetadata if they are gone.'
        : ' Set ingestionPipelineFQN, so that runs remember what the user may see.',
    }[rightsLost(earlier, service, scope, this.#rights)];
  }

  /** Undefined when OpenMetadata has had it unchanged for longer than the source's records lag behind. */
  async #whyRecent(
    { database, schema }: ScopeRef,
    entity: SourceEntity,
    { name, lagMs = 0 }: Doubt
  ): Promise<string | undefined> {
    const { catalog, service, startedAt } = this.input;
    const fqn = entityFqn(service, ...[database, schema, name].filter((part) => part !== undefined));
    const { updatedAt } = (await catalog.find(COLLECTION[entity], fqn)) ?? {};
    if (updatedAt !== undefined && updatedAt + lagMs <= startedAt) return undefined;
    return ` They changed in OpenMetadata less than ${countWords(Math.ceil(lagMs / HOUR_MS), 'hour', 'hours')} ago, and it may not know them yet: a later run decides.`;
  }

  #report(scope: ScopeRef, entity: SourceEntity, held: readonly Doubt[]): void {
    const { recorder } = this.input;
    const scopeFqn = this.#fqn(scope);
    const byReason = new Map<string, string[]>();
    for (const { name, reason } of held) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
      this.input.onHeld?.(this.#fqn(scope, name), reason);
    }
    for (const [reason, names] of byReason) {
      const more = names.length > NAMED ? ', …' : '';
      recorder.questioned(scopeFqn);
      recorder.count('sink', { warnings: 1 });
      recorder.incomplete(
        `${scopeFqn}: ${unseen(names.length, entity)}; held back: ${names.slice(0, NAMED).join(', ')}${more}. ${reason}`,
        scopeFqn
      );
    }
  }

  #reportChange(scope: ScopeRef, names: readonly string[]): void {
    const { recorder, onHeld } = this.input;
    const scopeFqn = this.#fqn(scope);
    recorder.questioned(scopeFqn);
    recorder.failure('source', scopeFqn, CHANGED);
    for (const name of names) onHeld?.(this.#fqn(scope, name), CHANGED);
  }

  #fqn({ database, schema }: ScopeRef, name?: string): string {
    return entityFqn(this.input.service, ...[database, schema, name].filter((part) => part !== undefined));
  }
}

function unseen(count: number, entity: SourceEntity): string {
  return count === 1
    ? `1 ${entity} is not seen any more, but nothing proves it gone`
    : `${countWords(count, entity, PLURAL[entity])} are not seen any more, but nothing proves them gone`;
}

const PLURAL: Readonly<Record<SourceEntity, string>> = {
  database: 'databases',
  schema: 'schemas',
  table: 'tables',
  procedure: 'procedures',
};

function stillThere(
  source: MetadataSource,
  { database, schema }: ScopeRef,
  entity: SourceEntity,
  names: readonly string[]
): Promise<readonly string[]> {
  if (entity === 'table' || entity === 'procedure')
    return source.stillThere({ database: database ?? '', schema: schema ?? '' }, entity, names);
  return source.scopesStillThere(database, names);
}
