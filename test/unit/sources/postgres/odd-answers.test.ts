import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { findSource } from '../../../../src/sources/index.js';
import { countingContext } from '../../../conformance/source-harness.js';

const integer = (value: number): Buffer => Buffer.from(Int32Array.of(value).buffer).reverse();
const short = (value: number): Buffer => Buffer.from(Int16Array.of(value).buffer).reverse();
const message = (kind: string, ...body: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(kind), integer(4 + Buffer.concat(body).length), ...body]);

const LET_IN = Buffer.concat([message('R', integer(0)), message('Z', Buffer.from('I'))]);
const COLUMN = [Buffer.from('v\0'), integer(0), short(0), integer(25), short(-1), integer(-1), short(0)];
const DESCRIBED = Buffer.concat([message('1'), message('2'), message('T', short(1), ...COLUMN)]);
const EMPTY_ROW = message('D', short(1), integer(-1));

/** How opening a source ends at a server that answers the first message, and then the second one, like this. */
async function endAt(...answers: readonly Buffer[]): Promise<string> {
  const server = createServer((socket) => {
    let at = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => void socket.write(answers[at++] ?? Buffer.alloc(0)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = { username: 'u', authType: { password: 'p' }, hostPort: `127.0.0.1:${port}`, database: 'd' };
  try {
    await (await findSource('postgres').openMetadata(config, countingContext())).close();
    return 'opened';
  } catch (error) {
    return String(error);
  } finally {
    server.close();
  }
}

describe('A PostgreSQL server that breaks its protocol', () => {
  const CASES: readonly (readonly [what: string, says: string, answers: readonly Buffer[]])[] = [
    ['an error without an end at log-in', 'an error or a notice without its end', [message('E')]],
    ['an error without an end', 'an error or a notice without its end', [LET_IN, message('E', Buffer.from('SX'))]],
    [
      'a pooler that is full',
      'has no free connection',
      [message('E', Buffer.from('SFATAL\0C08P01\0Mno more connections allowed (max_client_conn)\0\0'))],
    ],
    ['a notice without an end', 'an error or a notice without its end', [LET_IN, message('N', Buffer.from('S\0M'))]],
    ['a log-in of an unknown kind', "can't be read", [message('R', integer(99))]],
    ['a cut message', "can't be read", [message('K')]],
    ['columns that are cut', "can't be read", [LET_IN, message('T', short(1))]],
    ['a row of -5 columns', "can't be read", [LET_IN, Buffer.concat([DESCRIBED, message('D', short(-5))])]],
    ['a row before its columns', "can't be read", [LET_IN, EMPTY_ROW]],
    ['data to copy', "can't be read", [LET_IN, message('d')]],
    ['rows at log-in', 'before anything was asked', [EMPTY_ROW]],
    ['a message of 2 GiB', 'that is no row', [Buffer.concat([Buffer.from('S'), integer(2 ** 31 - 1)])]],
    ['a message without a length', 'shorter than its own header', [Buffer.concat([Buffer.from('S'), integer(0)])]],
    ['another protocol', 'sent what its protocol does not allow', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
    [
      'more rows than asked for',
      'more than the 200 rows',
      [LET_IN, Buffer.concat([DESCRIBED, ...Array<Buffer>(201).fill(EMPTY_ROW)])],
    ],
    ['a row of a GiB', 'more than 128 MiB', [LET_IN, Buffer.concat([DESCRIBED, Buffer.from('D'), integer(2 ** 30)])]],
    [
      'notices without end at log-in',
      'before anything was asked',
      [Buffer.concat(Array<Buffer>(200_000).fill(message('N', Buffer.from('\0'))))],
    ],
    ['no row at all', 'no row when asked for its version', [LET_IN, message('Z', Buffer.from('I'))]],
  ];
  for (const [what, says, answers] of CASES) {
    it(`ends the connection, and neither the process nor its patience: ${what}`, async () => {
      expect(await endAt(...answers)).to.include(says);
    });
  }

  it('is read as it comes: a message in single bytes', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const error = message('E', Buffer.from('SFATAL\0C28P01\0Mno such user\0\0'));
        void [...error].reduce<Promise<void>>(async (before, byte) => {
          await before;
          await new Promise<void>((resolve) => void socket.write(Buffer.from([byte]), () => setImmediate(resolve)));
        }, Promise.resolve());
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = { username: 'u', authType: { password: 'p' }, hostPort: `127.0.0.1:${port}`, database: 'd' };
    const failure = await findSource('postgres').openMetadata(config, countingContext()).catch(String);
    expect(failure).to.include('no such user');
    server.close();
  });
});
