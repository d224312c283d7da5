import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../../errors/index.js';
import { Secret } from '../secret.js';
import { unresolved } from '../secret-source.js';
import { openManager } from './open-manager.js';
import { managedProvider, type ManagerChoice, type SecretManager } from './secret-manager.js';

/** How long a manager may take to answer, including its SDK's own repeats. Milliseconds. */
const ANSWER_MS = 30_000;
/** How OpenMetadata's server writes a secret that has no value. */
const NO_VALUE = 'null';

/**
 * The managers that a worker's recipes name, each opened once: their SDKs keep connections and the worker's identity.
 * Values aren't kept: each time a connection is opened its secrets are read again, so that a rotated one is used from
 * then on.
 */
export class SecretManagers {
  readonly #open = new Map<string, Promise<SecretManager>>();

  /** @param open opens a manager; by default with the provider's own SDK */
  constructor(private readonly open: typeof openManager = openManager) {}

  /**
   * The secret for a reference without its `secret:`.
   * @throws RecipeError when it can't be read, TransientError when asking again may help
   */
  async read(id: string, choice: ManagerChoice): Promise<Secret> {
    if (id === '') throw unresolved('`secret:` has no id after it. Write the id that the secret has in its manager.');
    const manager = await this.#manager(id, choice);
    const late = new AbortController();
    const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), late.signal]);
    try {
      const value = await Promise.race([manager.read(id, signal), tooLate(id, choice, late.signal)]);
      return new Secret(value === NO_VALUE ? '' : value);
    } finally {
      late.abort();
    }
  }

  #manager(id: string, { provider, loader }: ManagerChoice): Promise<SecretManager> {
    const managed = managedProvider(provider);
    if (managed === undefined) {
      throw unresolved(
        `secret:${id} is kept in a secret manager, but secretsManagerProvider is ${provider}, which has none. ` +
          'Set workflowConfig.openMetadataServerConfig.secretsManagerProvider to the manager of the OpenMetadata server.'
      );
    }
    const key = `${managed} ${loader}`;
    const open = this.#open.get(key) ?? this.open(managed, loader);
    this.#open.set(key, open);
    // a missing setting may be there at the next attempt
    open.catch(() => this.#open.delete(key));
    return open;
  }
}

async function tooLate(id: string, { provider }: ManagerChoice, done: AbortSignal): Promise<never> {
  await sleep(ANSWER_MS, undefined, { signal: done, ref: false });
  throw new TransientError(`secret:${id} can't be read: ${provider} gave no answer within ${ANSWER_MS / 1000} s.`);
}
