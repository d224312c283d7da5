import { registerSecret } from '../redaction.js';
import { unresolved } from '../secret-source.js';
import type { Environment } from '../variables.js';
import type { SecretsLoader } from './secret-manager.js';

/** Airflow's own rule for the section `openmetadata_secrets_manager` of its configuration. */
const AIRFLOW_SECTION = 'AIRFLOW__OPENMETADATA_SECRETS_MANAGER__';
/** What a worker logs in to a manager with, by the SDKs' names; Airflow has its section in front. */
const CREDENTIALS = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PASSWORD',
];
/** How Airflow gets a value from elsewhere. */
const ONLY_IN_AIRFLOW = {
  _CMD: "a command that Airflow's own configuration runs",
  _SECRET: "a key of Airflow's secrets backend",
};

/** One setting and its names: the variable for loader `env`, the key for loader `airflow`. */
export interface SettingNames {
  readonly env?: string;
  readonly airflow?: string;
}

/**
 * The settings that `secretsManagerLoader` gives a manager. What the worker logs in to it with is masked from then on.
 */
export class LoaderSettings {
  constructor(
    readonly loader: SecretsLoader,
    private readonly environment: Environment = process.env
  ) {
    for (const name of CREDENTIALS)
      for (const value of [environment[name], environment[`${AIRFLOW_SECTION}${name}`]])
        if (value !== undefined) registerSecret(value);
  }

  /**
   * The setting's value; undefined when it is not set or the loader doesn't give it.
   * @throws RecipeError for a setting in a form that only Airflow understands
   */
  value(names: SettingNames): string | undefined {
    const name = this.nameOf(names);
    if (name === undefined) return undefined;
    const value = this.environment[name];
    if (value !== undefined && value !== '') return value;
    if (this.loader === 'airflow') this.#refuseAirflowsOwn(name);
    return undefined;
  }

  /**
   * Settings that only make sense together; undefined when none of them is set.
   * @throws RecipeError when only some are set: the SDK would silently use another identity
   */
  together(...all: readonly SettingNames[]): readonly string[] | undefined {
    const values = all.map((names) => this.value(names));
    const given = values.filter((value) => value !== undefined);
    if (given.length === values.length) return given;
    if (given.length === 0) return undefined;
    const [set, missing] = [true, false].map((wanted) =>
      all.filter((_, at) => (values[at] !== undefined) === wanted).map((names) => this.nameOf(names) ?? '')
    );
    throw unresolved(
      `${set?.join(', ')} is set without ${missing?.join(', ')}. Set all of them, or none to leave the identity to the SDK.`
    );
  }

  /** @throws RecipeError when it isn't set, saying what it is for */
  required(names: SettingNames, what: string): string {
    const value = this.value(names);
    if (value !== undefined) return value;
    const name = this.nameOf(names);
    throw unresolved(
      name === undefined
        ? `secretsManagerLoader ${this.loader} leaves everything to the SDK, which has no default for ${what}. ` +
            `Write secretsManagerLoader: env and set ${names.env ?? ''} in the environment of every worker.`
        : `secretsManagerLoader ${this.loader} takes ${what} from ${name}, which is not set. ` +
            `Set it in the environment of every worker and start them again.${this.#hint()}`
    );
  }

  /** The variable that this loader reads for it. */
  nameOf({ env, airflow }: SettingNames): string | undefined {
    if (this.loader === 'env') return env;
    return this.loader === 'airflow' && airflow !== undefined ? `${AIRFLOW_SECTION}${airflow}` : undefined;
  }

  #hint(): string {
    return this.loader === 'airflow'
      ? " A worker has no airflow.cfg: Airflow's environment variables count alone."
      : '';
  }

  #refuseAirflowsOwn(name: string): void {
    for (const [ending, what] of Object.entries(ONLY_IN_AIRFLOW)) {
      if (this.environment[`${name}${ending}`] === undefined) continue;
      throw unresolved(
        `${name}${ending} is ${what}, which a worker outside Airflow can't follow. Set ${name} to the value itself.`
      );
    }
  }
}
