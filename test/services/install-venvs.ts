/**
 * Run before the tests: what pip fetches must not count in a hook's time-out. Without it the tests that need it say why
 * they fail.
 */
import path from 'node:path';
import { pythonVenv } from './python-venv.js';

for (const name of ['fakesnow', 'moto']) {
  await pythonVenv(name, path.resolve('test/services', name, 'requirements.txt')).catch((error: unknown) =>
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
  );
}
