import { Secret } from './secret.js';
import { type SecretSource, unresolved } from './secret-source.js';

/** `memory:/source/…`: a literal in a recipe that runs inside the process that has it. */
export const memorySource: SecretSource = {
  scheme: 'memory:',
  async resolve(reference, context) {
    const value = context.memory?.get(reference.slice(this.scheme.length));
    if (value === undefined) {
      throw unresolved(
        `${reference} was kept in the memory of the process that started this run, and that process is gone. ` +
          'Start the run again, with a recipe file or ${VARIABLE} references if it has to outlive its process.'
      );
    }
    return new Secret(value);
  },
};
