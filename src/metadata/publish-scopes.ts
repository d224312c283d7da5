import { buildFqn, entityFqn, prepareRequest, rewriteName } from '../openmetadata/index.js';
import { transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import type { DeleteFlags } from './delete-flags.js';
import { KnownEntities } from './known-entities.js';
import { Owners } from './owners.js';
import { scopeLine, type PublishPosition, type ScopeLine } from './staged-record.js';
import { requestTags } from './tags.js';

export interface PublishScopesInput extends BulkOptions, StageRun {
  readonly service: string;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  /** True: send everything, so that users' edits are overwritten. */
  readonly overrideMetadata: boolean;
  /** What may be marked deleted later: only for these is it found out whether anything will be. */
  readonly deleteFlags: DeleteFlags;
}

/** Publishes databases, then schemas, chunk by chunk. Those whose sourceHash the catalog already has are not sent. */
export async function publishScopes(input: PublishScopesInput): Promise<void> {
  const { store, from, to } = input;
  const scopes = new KnownScopes(input);
  const owners = new Owners(input.catalog, input.recorder);
  // what an earlier attempt saw isn't known here: everything is asked about then
  let resumed: boolean | undefined;
  await transformStage(input, {
    from: wholeSlices([await store.manifest(from)]),
    to,
    parse: (line) => scopeLine.parse(JSON.parse(line.toString())),
    work: async ({ n, last, records }) => {
      resumed ??= n > 0;
      const changed: RequestLine[] = [];
      for (const record of records) {
        const line = await withOwner(record, owners);
        if (!(await scopes.see(line)) && line.kind !== 'seen') changed.push(line);
      }
      await send(input, changed);
      const position: PublishPosition = { mayDelete: last && (resumed || (await scopes.mayDelete())) };
      return { position };
    },
  });
}

type RequestLine = Exclude<ScopeLine, { kind: 'seen' }>;

async function withOwner(line: ScopeLine, owners: Owners): Promise<ScopeLine> {
  if (line.kind === 'seen' || line.owner === undefined) return line;
  const owned = await owners.owned(line.request, line.owner);
  return owned === undefined ? line : scopeLine.parse({ ...line, request: JSON.parse(owned.json) as unknown });
}

async function send(input: PublishScopesInput, lines: readonly RequestLine[]): Promise<void> {
  for (const { request } of lines) for (const tag of requestTags(request)) await input.catalog.ensureTag(tag);
  const prepared = (kind: RequestLine['kind']): ReturnType<typeof prepareRequest>[] =>
    lines.filter((line) => line.kind === kind).map(({ request }) => prepareRequest(request));
  await putAll(input, 'databases', prepared('database'));
  await putAll(input, 'databaseSchemas', prepared('schema'));
}

/** The service's databases and their schemas: what the catalog has of them, and which of that the source has shown. */
class KnownScopes {
  readonly #known: KnownEntities;
  /** Databases that are read: nothing is known below the others. */
  readonly #databases: string[] = [];

  constructor(private readonly input: PublishScopesInput) {
    this.#known = new KnownEntities(input);
  }

  /** True when the catalog has the line's scope unchanged. */
  async see(line: ScopeLine): Promise<boolean> {
    const { service, recorder } = this.input;
    const database = line.kind === 'database' ? line.name : line.database;
    const schema = line.kind === 'database' ? undefined : line.schema;
    if (line.kind === 'database') this.#databases.push(database);
    const name = rewriteName(schema ?? database);
    const members =
      schema === undefined
        ? await this.#known.members('databases', buildFqn(service))
        : await this.#known.members('databaseSchemas', entityFqn(service, database));
    members.see(name);
    if (line.kind === 'seen' || !members.isUnchanged(name, line.request.sourceHash)) return false;
    recorder.count('sink', { unchanged: 1 });
    return true;
  }

  /** Whether the catalog has a scope that the source didn't show, or that isn't known. */
  async mayDelete(): Promise<boolean> {
    const { service, deleteFlags } = this.input;
    if (deleteFlags.markDeletedDatabases && !(await this.#known.members('databases', buildFqn(service))).allSeen())
      return true;
    if (!deleteFlags.markDeletedSchemas) return false;
    for (const database of this.#databases) {
      if (!(await this.#known.members('databaseSchemas', entityFqn(service, database))).allSeen()) return true;
    }
    return false;
  }
}
