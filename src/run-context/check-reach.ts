import { posix } from 'node:path';
import { beginning, RecipeError, type RecipeProblem } from '../errors/index.js';
import { currentReach } from '../reach/index.js';
import { looksLikeSecretKey, type Environment } from '../secrets/index.js';
import type { Recipe } from '../recipe/index.js';
import type { RecipeInput } from '../contract/run-plan.js';

const WAY_OUT = "Put the recipe into the worker's recipes folder and start it by its path, or have it allowed there";
/** Keys whose value is the machine to contact, for any connector. */
const HOST_KEY = /^(account|region|.*host|.*hostport|.*ur[il]|.*endpoint|.*socket|proxy.*)$/;
/** Also as lenient readers of URLs take them: `https:host`, `https:\\\\host`. */
const URL_TEXT = /^\s*(?:[a-z][a-z0-9+.-]*:[/\\]{2}|https?:)/i;
/**
 * A URL: a host, perhaps with a user before it, port or instance and path behind it. What isn't written so may be read
 * as another host than it seems, for example `evil.com\\.example.com`.
 */
const URL_PLACE =
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^\s\\/?#@]*@)?((?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[a-z0-9_-]+)*)(?:[/?#].*)?$/i;
/** What a connector gets as a host is no URL to it: all of `a.example.com?x.evil.com` would be the name it looks up. */
const PLACE = /^((?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[a-z0-9_-]+)*)$/i;
const CONNECTOR_HOST = /^(?!.*openMetadataServerConfig\.).*\.(?:host|hostPort)$/i;
/** Builds links for readers, and is never contacted. */
const LINKS = /\.snowflakeSourceHost$/;
const ACCOUNT = /\.account$/;
const PATH = /^\/(?!\/)/;

/** @throws RecipeError if this worker only takes recipes from its folder */
export function checkInlineAllowed(origin: string): void {
  if (currentReach().inline === false) {
    const message = `this worker takes recipes from its recipes folder only (OM_INGEST_INLINE). Put it there and start it with recipePath.`;
    throw new RecipeError([{ path: '', message }], origin);
  }
}

/** The worker's variables that a recipe sent inline may name. */
export function reachableEnvironment(): Environment {
  const { variables } = currentReach();
  if (variables === undefined) return process.env;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => variables.has(name)));
}

/** Says explicitly that a variable isn't allowed; otherwise it just looks unset. @throws RecipeError */
export function checkVariables(input: RecipeInput, origin: string): void {
  const { variables } = currentReach();
  if (variables === undefined) return;
  const text = input.recipeYaml ?? JSON.stringify(input.recipe);
  const names = new Set([...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
  const problems = [...names]
    .filter((name) => !variables.has(name))
    .slice(0, MOST_PROBLEMS)
    .map((name) =>
      problem(
        '',
        `the variable ${beginning(name, 100)} is none that recipes sent to this worker may name (OM_INGEST_VARIABLES).`
      )
    );
  if (problems.length > 0) throw new RecipeError(problems, origin);
}

/** @throws RecipeError naming each host that the recipe may not name */
export function checkHosts(recipe: Recipe, origin: string): void {
  const { hosts } = currentReach();
  if (hosts === undefined) return;
  const problems = [...hostsOf(recipe)]
    .filter(({ path, value }) => !namesOf(value, path).some((name) => hosts.has(name)))
    .slice(0, MOST_PROBLEMS)
    .map(({ path, value }) =>
      problem(
        path,
        `${beginning(value, 200)} isn't a host that recipes sent to this worker may name (OM_INGEST_HOSTS).`
      )
    );
  if (problems.length > 0) throw new RecipeError(problems, origin);
}

/** @throws RecipeError naming each secret in a manager that the recipe may not name */
export function checkSecrets(recipe: Recipe, origin: string): void {
  const problems = [...textsOf(recipe)]
    .filter(({ value }) => value.startsWith(MANAGED))
    .flatMap(({ path, value }) => refusedSecret(value.slice(MANAGED.length), path) ?? [])
    .slice(0, MOST_PROBLEMS);
  if (problems.length > 0) throw new RecipeError(problems, origin);
}

/**
 * Also for a connection stored in OpenMetadata: a recipe sent inline says which OpenMetadata that is.
 * @throws RecipeError
 */
export function checkSecret(id: string): void {
  const refused = refusedSecret(id, '');
  if (refused !== undefined) throw new RecipeError([refused], 'recipe');
}

const MANAGED = 'secret:';

function refusedSecret(id: string, path: string): RecipeProblem | undefined {
  const { secrets } = currentReach();
  if (secrets === undefined || secrets.has(id)) return undefined;
  return problem(
    path,
    `${MANAGED}${beginning(id, 200)} isn't a secret that recipes sent to this worker may name (OM_INGEST_SECRETS).`
  );
}

const MOST_PROBLEMS = 20;

function problem(path: string, message: string): RecipeProblem {
  return { path, message: `${message} ${WAY_OUT}.` };
}

interface Named {
  readonly path: string;
  readonly value: string;
}

function* hostsOf(recipe: Recipe): Generator<Named> {
  for (const { path, value } of textsOf(recipe)) {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const isHost = HOST_KEY.test(key.toLowerCase().replaceAll(/[_-]/g, '')) && !looksLikeSecretKey(key);
    if (LINKS.test(path)) continue;
    if (isHost || URL_TEXT.test(value)) yield { path, value };
  }
}

function* textsOf(value: unknown, path = ''): Generator<Named> {
  if (typeof value === 'string') yield { path, value };
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* textsOf(inner, path === '' ? key : `${path}.${key}`);
}

/**
 * `http://om.example.com:8585/api` is `om.example.com:8585` and `om.example.com`, `[::1]:3306` also `::1`; none when it
 * is no single host. A Snowflake account `ab-cd` is `ab-cd.snowflakecomputing.com` too.
 */
function namesOf(value: string, path: string): readonly string[] {
  if (PATH.test(value)) return [posix.resolve(value)];
  const host = (PLACE.exec(value) ?? (CONNECTOR_HOST.test(path) ? null : URL_PLACE.exec(value)))?.[1];
  if (host === undefined) return [];
  const alone = host.replace(/:\d+$/, '');
  const account = ACCOUNT.test(path) && /^[\w.-]+$/.test(host) ? [`${host}.snowflakecomputing.com`] : [];
  return [host, alone, alone.replace(/^\[(.*)\]$/, '$1'), ...account];
}
