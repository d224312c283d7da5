import { spawn, type ChildProcess } from 'node:child_process';

/** Ends the server when this process ends without stopping it, even by `kill -9`: its pipe closes then. */
export function watchOver(pid: number): ChildProcess {
  const script = 'read -r _; kill -TERM "$0" 2>/dev/null';
  const watchdog = spawn('sh', ['-c', script, `${pid}`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return watchdog;
}
