import { type SecretSource, unresolved } from './secret-source.js';

/** `secret:/prefix/cluster/database/shop/password`: an id in the secret manager named by the recipe. */
export const managedSource: SecretSource = {
  scheme: 'secret:',
  async resolve(reference, context) {
    if (typeof context.managed !== 'function') {
      throw unresolved(`${reference} is kept in a secret manager, and nothing names one here.`);
    }
    return context.managed(reference.slice(this.scheme.length));
  },
};
