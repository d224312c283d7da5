import { connect, type AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** TLS before a server that speaks none, as a load balancer does it. */
export interface TlsFront {
  readonly port: number;
  /** Connections whose client showed a certificate that the authority has signed. */
  readonly certified: number;
  close(): Promise<void>;
}

/** @param address `host:port` of the server behind */
export async function startTlsFront(address: string, options: TlsOptions): Promise<TlsFront> {
  const [host = '', port = ''] = address.split(':');
  let certified = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer({ ALPNProtocols: ['h2'], ...options }, (socket) => {
    if (socket.authorized) certified += 1;
    const behind = connect({ host, port: Number(port) });
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get certified() {
      return certified;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
