import type { JournalLine } from '../contract/journal.js';
import { entityFqn } from '../openmetadata/index.js';
import { failuresOf, type PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { deletionJournal } from './deletion-journal.js';
import { readExtractLine, type ExtractLine } from './extract-line.js';
import { eachOutcome, type PublishOutcome } from './publish-outcomes.js';
import { lostKeyLine, publishPosition, scopeLine } from './staged-record.js';

export interface MetadataJournalInput {
  readonly store: StagingStore;
  readonly service: string;
  readonly scopes: SliceAddress;
  /** For each unit: what was read, and what was published of it. */
  readonly units: readonly { readonly extracted: SliceAddress; readonly published: SliceAddress }[];
  readonly foreignKeys: SliceAddress;
  /** In order. */
  readonly deleted: readonly SliceAddress[];
}

/** What a run did, from what it staged, entity by entity; includes runs that ended early. */
export async function* metadataJournal(input: MetadataJournalInput): AsyncGenerator<JournalLine> {
  const { store, service, scopes, units } = input;
  for (const entry of await store.manifest(scopes)) {
    for (const value of await store.read(entry)) {
      const line = scopeLine.parse(value);
      if (line.kind === 'database') yield { fqn: entityFqn(service, line.name), outcome: 'read' };
      else if (line.schema !== undefined)
        yield { ...leftOut(line), fqn: entityFqn(service, line.database, line.schema) };
      else yield { ...leftOut(line), fqn: entityFqn(service, line.database) };
    }
  }
  for (const { extracted, published } of units) yield* unitJournal(store, service, extracted, published);
  for (const entry of await store.manifest(input.foreignKeys))
    for (const value of await store.read(entry)) yield { ...lostKeyLine.parse(value), outcome: 'incomplete' };
  yield* deletionJournal(store, input.deleted);
}

async function* unitJournal(
  store: StagingStore,
  service: string,
  extracted: SliceAddress,
  published: SliceAddress
): AsyncGenerator<JournalLine> {
  const entries = await store.manifest(published);
  for (const chunk of await store.manifest(extracted)) {
    const position = publishPosition.safeParse(entries[chunk.n]?.position);
    const outcomes = eachOutcome(position.data?.outcomes ?? []);
    const reasons = new Map([...reasonsOf(chunk, 'source'), ...reasonsOf(entries[chunk.n], 'sink')]);
    for (const bytes of await store.lines(chunk)) {
      const outcome = outcomes.next();
      const line = toJournal(service, readExtractLine(bytes).line, outcome.done === true ? undefined : outcome.value);
      if (line !== undefined) yield withReason(line, reasons);
    }
  }
}

/** Why entities in a chunk failed, by FQN: the first of them, from the chunk's facts. */
function reasonsOf(entry: ManifestEntry | undefined, step: 'source' | 'sink'): [string, string][] {
  // Facts are written by this program's own stages.
  const facts = entry?.facts as PartReport | undefined;
  return facts === undefined ? [] : failuresOf(facts, step).map(({ entity, error }) => [entity, error]);
}

function withReason(line: JournalLine, reasons: ReadonlyMap<string, string>): JournalLine {
  if (line.reason !== undefined || (line.outcome !== 'refused' && line.outcome !== 'failed')) return line;
  const reason = reasons.get(line.fqn);
  return reason === undefined ? line : { ...line, reason };
}

function toJournal(service: string, line: ExtractLine, outcome: PublishOutcome | undefined): JournalLine | undefined {
  if (line.kind === 'end') {
    if (line.listing !== 'failed') return undefined;
    return { fqn: entityFqn(service, line.database, line.schema), outcome: 'failed' };
  }
  const fqn = entityFqn(service, line.database, line.schema, line.name);
  if (line.kind === 'gone') return { fqn, outcome: 'gone' };
  if (line.kind === 'seen') return { ...leftOut(line), fqn };
  return { fqn, outcome: outcome === undefined || outcome === 'none' ? 'read' : outcome };
}

function leftOut(line: {
  kind: string;
  filtered?: string | undefined;
  failed?: string | undefined;
}): Omit<JournalLine, 'fqn'> {
  if (line.kind === 'schema') return { outcome: 'read' };
  if (line.failed !== undefined) return { outcome: 'failed', reason: line.failed };
  return { outcome: 'filtered', ...(line.filtered === undefined ? {} : { reason: line.filtered }) };
}
