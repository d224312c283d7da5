import { PermanentError } from '../../errors/index.js';
import { findTemporal, freePortLike, startDevServer } from '../temporal-server/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { onLeave } from './leaving.js';
import type { TemporalFlags } from './temporal.js';
import type { Terminal } from './terminal.js';

/** Runs a Temporal server on this machine until a signal. */
export async function temporalCommand(flags: TemporalFlags, terminal: Terminal): Promise<ExitCode> {
  const { port, uiPort, file } = flags;
  await refuseTaken(port, '--port');
  await refuseTaken(uiPort, '--ui-port');
  const { path } = await findTemporal({ say: (line) => terminal.err(line) });
  const server = await startDevServer({
    executable: path,
    dbFile: file,
    preferredPorts: { ...(port === 0 ? {} : { grpc: port }), ...(uiPort === 0 ? {} : { ui: uiPort }) },
  });
  // who reads the address may stop it at once
  const left = new Promise<void>((leave) => onLeave(() => leave()));
  try {
    terminal.out(`temporal   ${server.address}`);
    terminal.out(`ui         ${server.uiUrl}`);
    terminal.err(
      `Workers and commands find it by TEMPORAL_ADDRESS=${server.address}. It is for trials: one process, one file. Ctrl-C stops it.`
    );
    await left;
  } finally {
    await server.stop();
  }
  return EXIT.success;
}

/** On another port than the one asked for, the printed commands would reach another server. @throws PermanentError */
async function refuseTaken(port: number, flag: string): Promise<void> {
  if (port === 0 || (await freePortLike(port)) === port) return;
  throw new PermanentError(`Port ${port} is taken: a Temporal server may be there already.`, {
    where: flag,
    remedy: `Use that one, or take any free port by \`${flag} 0\`.`,
  });
}
