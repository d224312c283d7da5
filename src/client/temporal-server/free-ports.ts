import { createServer, type Server } from 'node:net';

/** Ports on `host` that nobody listens on now, all different. Another process may take one before it is used. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, host)));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map(close));
  return ports;
}

/** `preferred` when nobody listens on it, else any free port. */
export async function freePortLike(preferred: number, host = '127.0.0.1'): Promise<number> {
  try {
    await close(await listen(preferred, host));
    return preferred;
  } catch {
    const [port] = await freePorts(1, host);
    return port ?? preferred;
  }
}

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
