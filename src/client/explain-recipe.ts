import { Connections, type CheckedFile } from '../activities/index.js';
import { makeSelection } from '../metadata/index.js';
import { restoreName, splitFqn, type EntityKind, type OpenMetadataClient } from '../openmetadata/index.js';
import type { Recipe } from '../recipe/index.js';

const TIMEOUT_MS = 60_000;

/** What a recipe and its OpenMetadata say of an entity, in sentences. */
export interface RecipeView {
  /** Whether the recipe's filters let it in, and by what not; absent for recipes that list nothing themselves. */
  readonly filters?: string;
  readonly catalog: string;
}

/** Reads one entity of OpenMetadata; the source is not asked. @throws AuthenticationError, PermanentError, TransientError of OpenMetadata */
export async function explainRecipe({ recipe, file, sha256 }: CheckedFile, fqn: string): Promise<RecipeView> {
  const [service = '', ...names] = splitFqn(fqn);
  const connections = new Connections({});
  try {
    const client = await connections.client({ recipe, file: { file, sha256 } });
    const catalog = await inCatalog(client, fqn, names.length);
    const filters = filterView(recipe, service, names.map(restoreName));
    return { ...(filters === undefined ? {} : { filters }), catalog };
  } finally {
    await connections.close();
  }
}

function filterView(recipe: Recipe, service: string, names: readonly string[]): string | undefined {
  if (recipe.kind !== 'metadata') return undefined;
  const { serviceName, sourceConfig } = recipe.source;
  if (serviceName !== service) return `it is of the service ${serviceName}, not ${service}`;
  const selection = makeSelection(service, sourceConfig.config);
  const [database, schema, name] = names;
  if (database === undefined) return 'lets the service in';
  const out = (what: string, reason: string | undefined): string | undefined =>
    reason === undefined ? undefined : `${what} is left out: ${reason}`;
  const leftOut =
    out(`database ${database}`, selection.database(database)) ??
    (schema === undefined ? undefined : out(`schema ${schema}`, selection.schema(database, schema)));
  if (leftOut !== undefined) return leftOut;
  if (schema === undefined || name === undefined) return 'lets it in';
  const table = selection.table(database, schema, name, 'table');
  const view = selection.table(database, schema, name, 'view');
  const procedure = selection.procedure(database, schema, name);
  const ways = new Map<string | undefined, string[]>();
  for (const [what, reason] of [
    ['table', table],
    ['view', view],
    ['procedure', procedure],
  ] as const)
    ways.set(reason, [...(ways.get(reason) ?? []), what]);
  if (ways.size === 1 && table === undefined) return 'lets it in';
  return [...ways]
    .map(([reason, what]) => `as ${what.join(' or ')} ${reason === undefined ? 'let in' : `left out: ${reason}`}`)
    .join('; ');
}

/** By how many names stand behind the service's. */
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
