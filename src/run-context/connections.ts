import { createHash } from 'node:crypto';
import { KINDS } from '../contract/kinds.js';
import { AuthenticationError, PermanentError } from '../errors/index.js';
import {
  OpenMetadataClient,
  buildUserAgent,
  fileToken,
  isTokenPath,
  rereadToken,
  tokenProvider,
  type TokenProvider,
} from '../openmetadata/index.js';
import { PACKAGE_VERSION } from '../package-version.js';
import { connectionsOf, connectorsOf, parseFetchedConnection, type Recipe } from '../recipe/index.js';
import { isSourceType } from '../sources/index.js';
import {
  forgetSecret,
  resolveSecrets,
  SecretManagers,
  type EncryptionKeys,
  type ResolveContext,
} from '../secrets/index.js';
import type { StagedRecipe } from './load-recipe.js';
import { checkSecret, reachableEnvironment } from './check-reach.js';
import { openSecrets } from './sealed-secrets.js';
import { currentRecorder } from './current-recorder.js';
import { currentOpenCalls } from './open-calls.js';
import { missingService } from './missing-service.js';
import { SecretReads } from './secret-reads.js';

/** Most clients kept at once; the least recently used is dropped when another is needed. */
const MAX_CLIENTS = 16;
const FILE_REFERENCE = 'file:';
const MANAGED_REFERENCE = 'secret:';

/** What `findSource(type)` opens. */
export interface ServiceConnection {
  /** Connector type, in lower case. */
  readonly type: string;
  /** serviceConnection.config with its secrets resolved. */
  readonly config: unknown;
}

/** A finished attempt to call OpenMetadata: a repeat is another one. */
export interface RestCall {
  readonly method: string;
  /** After `/v1`, without query. */
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * Opens what recipes name. Secrets are resolved here, at the moment of opening, and stay in memory. The worker's
 * activities share OpenMetadata clients, so that connections stay alive between them.
 */
export class Connections {
  readonly #clients = new Map<string, Promise<OpenMetadataClient>>();
  readonly #managers: Pick<SecretManagers, 'read'>;
  readonly #reads = new SecretReads();

  /**
   * @param deps `memorySecrets`: secrets of runs made in this process, by reference; `keys`: for secrets that arrived
   * encrypted; `managers`: by default those of the providers' SDKs; `onRequest`: called for each request, in its
   * caller's context
   */
  constructor(
    private readonly deps: {
      readonly memorySecrets?: ReadonlyMap<string, string>;
      readonly keys?: EncryptionKeys;
      readonly managers?: Pick<SecretManagers, 'read'>;
      readonly onRequest?: (call: RestCall) => void;
    }
  ) {
    this.#managers = deps.managers ?? new SecretManagers();
  }

  /** The client for a recipe's openMetadataServerConfig. @throws RecipeError for a reference that can't be resolved */
  client(staged: StagedRecipe): Promise<OpenMetadataClient> {
    const { recipe, file, sealed } = staged;
    const key = createHash('sha256')
      .update(
        JSON.stringify([
          recipe.workflowConfig.openMetadataServerConfig,
          recipe.source.type,
          recipe.source.serviceName,
          file,
          sealed,
        ])
      )
      .digest('hex');
    const open = this.#clients.get(key) ?? this.#open(staged);
    // used last, dropped last
    this.#clients.delete(key);
    this.#clients.set(key, open);
    open.catch(() => this.#clients.delete(key));
    this.#forgetOldest();
    return open;
  }

  /**
   * The connection of a service, with its secrets: the recipe's own for it, else the one stored with the service.
   * @param serviceName default: the recipe's service
   * @throws PermanentError when there is none, or none that this version can use
   */
  async ofService(staged: StagedRecipe, serviceName = staged.recipe.source.serviceName): Promise<ServiceConnection> {
    const { recipe } = staged;
    const given = connectionsOf(recipe).find((each) => each.serviceName === serviceName);
    if (given !== undefined)
      return { type: given.type, config: await resolveSecrets(given.config, this.#context(staged), given.path) };
    const client = await this.client(staged);
    const service = await client.services.find(serviceName);
    if (service === undefined) throw noConnection(recipe, serviceName, await missingService(client, serviceName));
    if (service.connection?.config === undefined) throw noConnection(recipe, serviceName);
    const type =
      serviceName === recipe.source.serviceName && isSourceType(recipe.source.type)
        ? recipe.source.type
        : connectorOfStored(serviceName, service.serviceType, service.connection.config);
    const managed = (reference: string, path: string): Promise<string> =>
      resolveSecrets(reference, this.#context(staged), `connection of ${serviceName} in OpenMetadata: ${path}`);
    return { type, config: await parseFetchedConnection(type, service.connection.config, managed) };
  }

  /**
   * The recipe's own connection as OpenMetadata stores it: with its secrets, except that references to a secret manager
   * are kept, since the server uses the same one.
   */
  async toStore(staged: StagedRecipe): Promise<unknown> {
    const { serviceName } = staged.recipe.source;
    const given = connectionsOf(staged.recipe).find((each) => each.serviceName === serviceName);
    if (given === undefined) throw noConnection(staged.recipe, serviceName);
    return resolveSecrets(given.config, { ...this.#context(staged), managed: 'kept' }, given.path);
  }

  /**
   * After a refused login: the references whose values have changed since the run read them. Reads each of them again.
   */
  changedSecrets(run: string): Promise<readonly string[]> {
    return this.#reads.changed(run);
  }

  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.#clients.values());
    this.#clients.clear();
    for (const client of clients) if (client.status === 'fulfilled') await client.value.close();
  }

  async #open(staged: StagedRecipe): Promise<OpenMetadataClient> {
    const { recipe } = staged;
    const given = recipe.workflowConfig.openMetadataServerConfig;
    const at = 'workflowConfig.openMetadataServerConfig';
    const { securityConfig, ...rest } = given;
    const server = await resolveSecrets(rest, this.#context(staged), at);
    return new OpenMetadataClient({
      hostPort: server.hostPort,
      token: await this.#token(staged, securityConfig?.jwtToken, at),
      verifySSL: server.verifySSL,
      ...(server.extraHeaders === undefined ? {} : { extraHeaders: server.extraHeaders }),
      ...(server.sslConfig === undefined ? {} : { sslConfig: server.sslConfig }),
      userAgent: buildUserAgent({
        sourceType: recipe.source.type,
        pipelineType: KINDS[recipe.kind].pipelineType,
        serviceName: recipe.source.serviceName,
        version: PACKAGE_VERSION,
      }),
      onCall: (method, path) => currentOpenCalls()?.begin(`${method} /v1${path}`) ?? (() => undefined),
      onRequest: (method, path, status, milliseconds) => {
        currentRecorder()?.count('sink', { requests: 1, sinkMs: Math.round(milliseconds) });
        this.deps.onRequest?.({ method, path, status, milliseconds });
      },
    });
  }

  async #token(staged: StagedRecipe, reference: string | undefined, at: string): Promise<TokenProvider> {
    if (reference === undefined)
      throw new AuthenticationError('The recipe has no token for OpenMetadata.', {
        where: `${at}.securityConfig.jwtToken`,
      });
    // A file is read again when it changes, so that tokens may be rotated during a run; other references are resolved
    // once, to a token or the path of a file.
    if (reference.startsWith(FILE_REFERENCE)) return fileToken(reference.slice(FILE_REFERENCE.length));
    const read = async (): Promise<string> =>
      (await resolveSecrets({ jwtToken: reference }, this.#context(staged), `${at}.securityConfig`)).jwtToken;
    if (reference.startsWith(MANAGED_REFERENCE)) return rereadToken(read);
    const token = await read();
    // a variable may contain the path of a file: that isn't a secret, and messages have to name it
    if (isTokenPath(token)) forgetSecret(token);
    return tokenProvider(token);
  }

  #context(staged: StagedRecipe): ResolveContext {
    const { file, run, sealed } = staged;
    const memory = sealed === undefined ? this.deps.memorySecrets : openSecrets(this.deps.keys, sealed);
    const { secretsManagerProvider: provider, secretsManagerLoader: loader } =
      staged.recipe.workflowConfig.openMetadataServerConfig;
    const context: ResolveContext = {
      environment: reachableEnvironment(),
      ...(file === undefined ? {} : { recipe: file }),
      ...(memory === undefined ? {} : { memory }),
      managed: async (id) => {
        checkSecret(id);
        return this.#managers.read(id, { provider, loader });
      },
    };
    if (run === undefined) return context;
    const onResolved: ResolveContext['onResolved'] = (reference, secret) => {
      if (reference.startsWith(MANAGED_REFERENCE) || reference.startsWith(FILE_REFERENCE))
        this.#reads.note(run, reference, secret.reveal(), () => resolveSecrets(reference, context));
    };
    return { ...context, onResolved };
  }

  /** A stage may still be using the dropped one: it isn't closed, its idle connections end by themselves. */
  #forgetOldest(): void {
    for (const key of this.#clients.keys()) {
      if (this.#clients.size <= MAX_CLIENTS) return;
      this.#clients.delete(key);
    }
  }
}

/** @throws PermanentError when nothing tells several connectors of the service's type apart */
function connectorOfStored(serviceName: string, serviceType: string, config: unknown): string {
  const stored = typeof config === 'object' && config !== null ? { ...config } : {};
  const [type = serviceType, ...others] = connectorsOf(stored, serviceType);
  if (others.length === 0) return type;
  throw new PermanentError(
    `The service ${serviceName} is a ${serviceType}, and its connection fits the connectors ${[type, ...others].join(' and ')} alike.`,
    {
      where: `connection of ${serviceName} in OpenMetadata`,
      remedy: 'Their connection models need a key that tells them apart: a literal, or a required key of its own.',
    }
  );
}

/** @param missing that the service doesn't exist; absent when it exists without a connection */
function noConnection({ kind, source }: Recipe, serviceName: string, missing?: PermanentError): PermanentError {
  // A recipe of tests has its connections, its own service's too, in one list.
  const own = kind !== 'data-quality' && serviceName === source.serviceName;
  const lacks = `the recipe has no ${own ? 'serviceConnection' : 'connection for it'}.`;
  const message =
    missing === undefined
      ? `The service ${serviceName} in OpenMetadata has no stored connection, and ${lacks}`
      : `${missing.message} And ${lacks}`;
  return new PermanentError(message, {
    where: own ? 'source.serviceConnection' : 'source.sourceConfig.config.serviceConnections',
    remedy: 'Write the connection into the recipe, or store it with the service.',
  });
}
