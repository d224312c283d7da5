import { connect } from 'node:net';
import { Connection } from '@temporalio/client';

/** Whether a Temporal server answers there. @param address `127.0.0.1:PORT` */
export async function isServing(address: string): Promise<boolean> {
  // gRPC waits a second before it retries a refused address: don't let it be refused
  if (!(await isListening(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: '1s' });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
