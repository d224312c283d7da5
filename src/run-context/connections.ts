import { createHash } from 'node:crypto';
import { KINDS } from '../contract/kinds.js';
import { AuthenticationError, PermanentError } from '../errors/index.js';
import {
  OpenMetadataClient,
  buildUserAgent,
  fileToken,
  tokenProvider,
  type TokenProvider,
} from '../openmetadata/index.js';
import { PACKAGE_VERSION } from '../package-version.js';
import { parseFetchedConnection, type Recipe } from '../recipe/index.js';
import { resolveSecrets, type ResolveContext } from '../secrets/index.js';
import type { StagedRecipe } from './load-recipe.js';
import { currentRecorder } from './current-recorder.js';

/** Clients kept at once; the one used longest ago is let go when another is needed. */
const MAX_CLIENTS = 16;
const FILE_REFERENCE = 'file:';

/**
 * Opens what recipes name. Secrets are resolved here, at the moment of opening, and stay in memory.
 * OpenMetadata clients are shared by the worker's activities, so that connections are kept alive between them.
 */
export class Connections {
  readonly #clients = new Map<string, Promise<OpenMetadataClient>>();

  /** @param deps secrets of runs made in this process, by reference */
  constructor(private readonly deps: { readonly memorySecrets?: ReadonlyMap<string, string> }) {}

  /** The client for a recipe's openMetadataServerConfig. @throws RecipeError for a reference that can't be resolved */
  client(staged: StagedRecipe): Promise<OpenMetadataClient> {
    const { recipe, file } = staged;
    const key = createHash('sha256')
      .update(
        JSON.stringify([
          recipe.workflowConfig.openMetadataServerConfig,
          recipe.source.type,
          recipe.source.serviceName,
          file,
        ])
      )
      .digest('hex');
    const open = this.#clients.get(key) ?? this.#open(staged);
    // Used last, let go last.
    this.#clients.delete(key);
    this.#clients.set(key, open);
    open.catch(() => this.#clients.delete(key));
    this.#forgetOldest();
    return open;
  }

  /** `serviceConnection.config` with its secrets: the recipe's own, else the one stored with the service. */
  async sourceConfig(staged: StagedRecipe): Promise<unknown> {
    const { recipe } = staged;
    const own = recipe.source.serviceConnection?.config;
    if (own !== undefined) return resolveSecrets(own, this.#context(staged), 'source.serviceConnection.config');
    const service = await (await this.client(staged)).services.find(recipe.source.serviceName);
    if (service?.connection?.config === undefined) throw noConnection(recipe, service !== undefined);
    return parseFetchedConnection(recipe.source.type, service.connection.config);
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
      ...(server.sslConfig?.caCertificate === undefined ? {} : { caPath: server.sslConfig.caCertificate }),
      userAgent: buildUserAgent({
        sourceType: recipe.source.type,
        pipelineType: KINDS[recipe.kind].pipelineType,
        serviceName: recipe.source.serviceName,
        version: PACKAGE_VERSION,
      }),
      onRequest: (_method, _path, _status, milliseconds) =>
        currentRecorder()?.count('sink', { requests: 1, sinkMs: Math.round(milliseconds) }),
    });
  }

  async #token(staged: StagedRecipe, reference: string | undefined, at: string): Promise<TokenProvider> {
    if (reference === undefined)
      throw new AuthenticationError('The recipe has no token for OpenMetadata.', {
        where: `${at}.securityConfig.jwtToken`,
      });
    // A file is read again when it changes, so that tokens may be rotated under a run; other references are resolved once, to a token or the path of a file.
    if (reference.startsWith(FILE_REFERENCE)) return fileToken(reference.slice(FILE_REFERENCE.length));
    const { jwtToken } = await resolveSecrets({ jwtToken: reference }, this.#context(staged), `${at}.securityConfig`);
    return tokenProvider(jwtToken);
  }

  #context({ file }: StagedRecipe): ResolveContext {
    return {
      ...(file === undefined ? {} : { recipe: file }),
      ...(this.deps.memorySecrets === undefined ? {} : { memory: this.deps.memorySecrets }),
    };
  }

  /** A stage may still work with the one that is let go: it is not closed, its idle connections end by themselves. */
  #forgetOldest(): void {
    for (const key of this.#clients.keys()) {
      if (this.#clients.size <= MAX_CLIENTS) return;
      this.#clients.delete(key);
    }
  }
}

function noConnection({ source }: Recipe, exists: boolean): PermanentError {
  const found = exists
    ? `The service ${source.serviceName} in OpenMetadata has no stored connection`
    : `OpenMetadata has no service ${source.serviceName}`;
  return new PermanentError(`${found}, and the recipe has no serviceConnection.`, {
    where: 'source.serviceConnection',
    remedy: 'Write the connection into the recipe, or store it with the service.',
  });
}
