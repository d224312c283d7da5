import { Secret } from './secret.js';
import { type SecretSource, unresolved } from './secret-source.js';
import { expandVariables } from './variables.js';

/** `${VAR}`, `${VAR:-default}`, `Bearer ${VAR}`: the environment of the worker that opens the connection. */
export const environmentSource: SecretSource = {
  scheme: '${',
  async resolve(reference, context) {
    const { text, problems } = expandVariables(reference, context.environment ?? process.env);
    if (problems.length > 0) {
      throw unresolved(`${problems.join(' ')} Set it in the environment of every worker and start them again.`);
    }
    return new Secret(text);
  },
};
