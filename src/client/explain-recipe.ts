import { Connections, type CheckedFile } from '../activities/index.js';
import {
  restoreName,
  splitFqn,
  type EntityKind,
  type OpenMetadataClient,
  type ProfiledTableRecord,
} from '../openmetadata/index.js';
import { stagedFrom } from '../run-context/index.js';
import { filterView } from './filter-view.js';

const TIMEOUT_MS = 60_000;

/** What a recipe and its OpenMetadata say about an entity, in sentences. */
export interface RecipeView {
  /** Whether the recipe's filters let it in, and which one doesn't; absent for recipes that list nothing themselves. */
  readonly filters?: string;
  readonly catalog: string;
}

/**
 * Reads one entity from OpenMetadata; the source isn't asked. @throws AuthenticationError, PermanentError,
 * TransientError of OpenMetadata
 */
export async function explainRecipe(checked: CheckedFile, fqn: string): Promise<RecipeView> {
  const { recipe } = checked;
  const [service = '', ...names] = splitFqn(fqn);
  const connections = new Connections({});
  try {
    const client = await connections.client(stagedFrom(checked));
    const catalog = await inCatalog(client, fqn, names.length);
    const table = recipe.kind === 'profiler' && names.length === 3 ? await profiled(client, fqn) : undefined;
    const filters = await filterView(recipe, service, names.map(restoreName), table);
    return { ...(filters === undefined ? {} : { filters }), catalog };
  } finally {
    await connections.close();
  }
}

function profiled(client: OpenMetadataClient, fqn: string): Promise<ProfiledTableRecord | undefined> {
  return client.profiles.table(fqn, { signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** By how many names follow the service's. */
const KINDS: Readonly<Record<number, readonly EntityKind[]>> = {
  1: ['databases'],
  2: ['databaseSchemas'],
  3: ['tables', 'storedProcedures'],
};

async function inCatalog(client: OpenMetadataClient, fqn: string, depth: number): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (const kind of KINDS[depth] ?? []) {
    const found = await client.entities(kind).findByName(fqn, { include: 'all', signal });
    if (found === undefined) continue;
    const version = found.version === undefined ? '' : `, version ${found.version}`;
    return `${found.deleted ? 'marked deleted' : 'there'} (${kind}${version})`;
  }
  if (depth !== 0) return 'not there';
  return (await client.services.find(fqn, { signal })) === undefined ? 'not there' : 'there (service)';
}
