/** A TCP proxy in front of a service, to take connections away from a client. */
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once and refuses new ones. */
  cut(): void;
  /** Takes connections again. */
  mend(): void;
  /** Calls back for every request line that passes, e.g. `GET /chunks/…`. */
  onRequest(listener: (line: string) => void): void;
  /**
   * Calls back for every piece of data that a client sends, before it is passed on; what answers a promise holds its
   * client till then.
   */
  onSent(listener: (data: Buffer) => Promise<void> | undefined): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let isCut = false;
  let listener: (line: string) => void = () => undefined;
  let sent: (data: Buffer) => Promise<void> | undefined = () => undefined;
  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy();
    const service = connect(target, '127.0.0.1');
    for (const socket of [client, service]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (data) => {
      const line = data.toString('latin1').split('\r\n', 1)[0] ?? '';
      if (/^[A-Z]+ \//.test(line)) listener(line);
      const held = sent(data);
      const pass = (): void => {
        if (!isCut) service.write(data);
      };
      if (held === undefined) return pass();
      client.pause();
      held.then(pass, pass).finally(() => client.resume());
    });
    service.on('data', (data) => client.write(data));
    client.on('end', () => service.end());
    service.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut,
    mend: () => (isCut = false),
    onRequest: (next) => (listener = next),
    onSent: (next) => (sent = next),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
