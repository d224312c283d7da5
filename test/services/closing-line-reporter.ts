import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;
/** What a process may take to end after its last test; what is still open then is a leak, said and not waited for. */
const END_MS = 30_000;

/**
 * Mocha's spec reporter, closed by `N passed, N failed` alone on a line, for people and scripts. With OM_TEST_TIMES it
 * also writes there how long each file took, as JSON: file → milliseconds of its tests and hooks. A process that
 * something keeps alive after its tests says what that is and ends.
 */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const times: Record<string, number> = {};
    const count = ({ file = '', duration = 0 }: Mocha.Test | Mocha.Hook): void => {
      if (file !== '') times[relative(process.cwd(), file)] = (times[relative(process.cwd(), file)] ?? 0) + duration;
    };
    runner.on(EVENT_TEST_END, count).on(EVENT_HOOK_END, count);
    // registered after Spec's own listener, which prints the failures
    runner.once(EVENT_RUN_END, () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      const { OM_TEST_TIMES: file } = process.env;
      if (file !== undefined) writeFileSync(file, JSON.stringify(times));
      process.stdout.write(`${passes} passed, ${failures} failed\n`);
      // it runs only when something else keeps the process alive
      setTimeout(() => {
        const open = process.getActiveResourcesInfo().join(', ');
        process.stderr.write(`still open ${END_MS / 1_000} s after the tests: ${open || 'a native thread'}\n`);
        process.exit();
      }, END_MS).unref();
    });
  }
}
