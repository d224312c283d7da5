import { Writable } from 'node:stream';
import { expect } from 'chai';
import pino from 'pino';
import { temporalLogger } from '../../../src/worker/logging.js';

/** What a log of this level holds of these lines. */
function logged(
  workerLevel: string,
  lines: readonly (readonly ['debug' | 'info' | 'warn', string, object])[],
  quiet = false
): string[] {
  const texts: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      texts.push(chunk.toString());
      done();
    },
  });
  const log = temporalLogger(pino({ level: workerLevel, base: null }, sink), quiet);
  for (const [level, message, meta] of lines) log[level](message, { ...meta });
  return texts.map((text) => (JSON.parse(text) as { msg: string }).msg);
}

describe("A run's loggerLevel", () => {
  it('lets its own lines through that the worker would not log, and only its own', () => {
    expect(
      logged('info', [
        ['debug', 'of the run', { loggerLevel: 'DEBUG' }],
        ['debug', 'of another run', { loggerLevel: 'INFO' }],
        ['debug', 'of the worker', {}],
      ])
    ).to.deep.equal(['of the run']);
  });

  it('counts only when it is DEBUG where the process shows the run besides', () => {
    const lines = [
      ['debug', 'trace of a run that asks for it', { loggerLevel: 'DEBUG' }],
      ['warn', 'of a run', { loggerLevel: 'INFO' }],
      ['warn', 'of the worker', {}],
    ] as const;
    expect(logged('error', lines, true)).to.deep.equal(['trace of a run that asks for it']);
    expect(logged('error', lines)).to.deep.equal(['trace of a run that asks for it', 'of a run']);
  });

  it('keeps back its own lines that the worker would log', () => {
    expect(
      logged('info', [
        ['warn', 'of the run', { loggerLevel: 'ERROR' }],
        ['info', 'of the worker', {}],
      ])
    ).to.deep.equal(['of the worker']);
  });
});
