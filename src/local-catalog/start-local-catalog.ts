import { randomBytes } from 'node:crypto';
import { AccessTokens, type TokenFacts } from './access-token.js';
import type { CatalogLogger } from './catalog.js';
import { tryLock, type ProcessLock } from './process-lock.js';
import { buildServer } from './http-server.js';
import { DEFAULT_RELEASE, type Release } from './release.js';
import { readSealingKey } from './sealing-key.js';
import { SecretVault } from './secret-vault.js';
import { seedTestDefinitions } from './seed/seed-test-definitions.js';
import { EntityStore } from './store/entity-store.js';
import { refuseForeignFile } from './store/foreign-file.js';
import { inPlainWords } from './store/not-a-catalog.js';
import { openDatabase } from './store/open-database.js';
import { type Sqlite, textAt } from './store/sqlite.js';
import { EntityWriter } from './writing/entity-writer.js';

export interface LocalCatalogOptions {
  /** Database file; it and its folder are created if absent; `:memory:` keeps everything in memory. */
  readonly file: string;
  /** 0 = a free one. */
  readonly port: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** A fixed bearer token, accepted as the ingestion bot's. Default: a signed one is made. */
  readonly token?: string;
  /** The line of OpenMetadata's releases to imitate: `1.13`, `2.0` or `2.1`. Default: `2.0`. */
  readonly as?: Release;
  /** Default: silent. */
  readonly logger?: CatalogLogger;
}

export interface LocalCatalog {
  /** `http://127.0.0.1:PORT`; the page is served here. */
  readonly url: string;
  /** `url` + `/api`: the `hostPort` for a recipe. */
  readonly hostPort: string;
  /** A bot's bearer token. */
  readonly token: string;
  /** Another token: for a person, for another bot, or one that expires soon. */
  issueToken(facts: TokenFacts): string;
  /** How many calls below /api there were. */
  requests(): number;
  /** Ends open connections, writes everything to the file and frees it. */
  close(): Promise<void>;
}

/**
 * Starts an OpenMetadata-compatible server on a SQLite file.
 * @throws Error when another catalog has the file, the port is taken, or a later release wrote the file
 */
export async function startLocalCatalog(options: LocalCatalogOptions): Promise<LocalCatalog> {
  const { file, logger = SILENT } = options;
  const inMemory = file === ':memory:';
  const lock = inMemory ? undefined : lockFile(file);
  let sqlite: Sqlite | undefined;
  try {
    sqlite = openDatabase(file);
    // before the key: where a key is, the file must have this
    const tokens = new AccessTokens(tokenSecret(sqlite), options.token);
    const vault = openVault(file, logger);
    const store = new EntityStore(sqlite);
    seedTestDefinitions(store, Date.now());
    const catalog = {
      store,
      writer: new EntityWriter(store, vault),
      vault,
      tokens,
      logger,
      release: options.as ?? DEFAULT_RELEASE,
    };
    let requests = 0;
    const server = buildServer(catalog, {
      onRequest: () => (requests += 1),
      hosts: options.host === undefined ? [] : [options.host],
    });
    const url = await listen(server, options);
    logger.info(`Local catalog on ${url}, file ${file}`);
    let closing: Promise<void> | undefined;
    return {
      url,
      hostPort: `${url}/api`,
      token: options.token ?? tokens.issue(),
      issueToken: (facts) => tokens.issue(facts),
      requests: () => requests,
      close: () => (closing ??= server.close().then(() => closeFile(store.sqlite, lock))),
    };
  } catch (error) {
    closeFile(sqlite, lock);
    throw inPlainWords(file, error);
  }
}

/** Keeps a second catalog off the file. The lock is next to it, so that the file itself stays readable for others. */
function lockFile(file: string): ProcessLock {
  const outcome = tryOrSay(file);
  if ('release' in outcome) return outcome;
  const holder =
    outcome.heldBy === undefined ? 'another local catalog' : `another local catalog (process ${outcome.heldBy})`;
  throw new Error(`The catalog file ${file} is in use by ${holder}. Stop that one, or start this one on another file.`);
}

function tryOrSay(file: string): ReturnType<typeof tryLock> {
  try {
    refuseForeignFile(file);
    return tryLock(`${file}.lock`);
  } catch (error) {
    throw inPlainWords(file, error);
  }
}

function closeFile(sqlite: Sqlite | undefined, lock: ProcessLock | undefined): void {
  try {
    sqlite?.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // nothing is lost: the log stays beside the file
  }
  sqlite?.close();
  lock?.release();
}

const SILENT: CatalogLogger = { info: () => undefined, warn: () => undefined };

function openVault(file: string, logger: CatalogLogger): SecretVault {
  let told = false;
  return new SecretVault(readSealingKey(file), () => {
    if (!told)
      logger.warn(`Secrets in ${file} were sealed under another key than ${file}.key; they count as not stored`);
    told = true;
  });
}

/** Signs tokens; kept in the file, so that they outlive a restart. */
function tokenSecret(sqlite: Sqlite): Buffer {
  const row = sqlite.prepareOnce("SELECT value FROM meta WHERE key = 'token-secret'").row();
  if (row !== undefined) return Buffer.from(textAt(row, 0), 'base64');
  const secret = randomBytes(32);
  sqlite.prepareOnce("INSERT INTO meta (key, value) VALUES ('token-secret', ?)").run(secret.toString('base64'));
  return secret;
}

async function listen(
  server: ReturnType<typeof buildServer>,
  { port, host = '127.0.0.1' }: LocalCatalogOptions
): Promise<string> {
  try {
    await server.listen({ port, host });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Error(
      `Port ${port} of ${host} is taken. Stop what listens there, or give the local catalog another port.`,
      {
        cause: error,
      }
    );
  }
  const address = server.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${bound}`;
}
