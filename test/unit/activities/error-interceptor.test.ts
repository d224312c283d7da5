import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import { toFailure, ErrorInterceptor } from '../../../src/activities/run/error-interceptor.js';
import {
  AuthenticationError,
  PermanentError,
  RecipeError,
  RecordError,
  TransientError,
} from '../../../src/errors/index.js';
import { registerSecret } from '../../../src/secrets/index.js';

const recipeError = new RecipeError([{ path: 'source.type', message: 'is unknown', line: 3 }], 'shop.yaml');

describe('Errors of activities', () => {
  const table: [error: unknown, type: string, nonRetryable: boolean][] = [
    [recipeError, 'RecipeError', true],
    [new AuthenticationError('wrong password'), 'AuthenticationError', true],
    [new PermanentError('no such host'), 'PermanentError', true],
    [new RecordError('one table', 'shop.t'), 'RecordError', true],
    [new TransientError('reset'), 'TransientError', false],
    [new TypeError('a bug'), 'InternalError', false],
    ['a thrown text', 'InternalError', false],
  ];
  for (const [error, type, nonRetryable] of table) {
    it(`make ${String(error)} a ${nonRetryable ? 'final' : 'retried'} failure of type ${type}`, () => {
      expect(toFailure(error, 1)).to.be.instanceOf(ApplicationFailure).and.include({ type, nonRetryable });
    });
  }

  it('wait as long as the other side asked to', () => {
    expect(toFailure(new TransientError('busy', { retryAfterMs: 7_000 }), 1).nextRetryDelay).to.equal(7_000);
    expect(toFailure(new TransientError('busy'), 1).nextRetryDelay).to.equal(undefined);
  });

  it('are given up after many attempts without progress, and say so', () => {
    expect(toFailure(new TransientError('reset'), 19).nonRetryable).to.equal(false);
    const last = toFailure(new TransientError('reset'), 20);
    expect(last.nonRetryable).to.equal(true);
    expect(last.message).to.equal('reset Given up after 20 attempts without progress.');
    expect([toFailure(new Error('bug'), 4).nonRetryable, toFailure(new Error('bug'), 5).nonRetryable]).to.deep.equal([
      false,
      true,
    ]);
  });

  it('name place and remedy', () => {
    const error = new PermanentError('Unknown database shop.', { where: 'source.serviceName', remedy: 'Create it.' });
    expect(toFailure(error, 1).message).to.equal('Unknown database shop. (at source.serviceName) Create it.');
  });

  it('carry the problems of a recipe as details', () => {
    expect(toFailure(recipeError, 1).details).to.deep.equal([
      { problems: [{ path: 'source.type', message: 'is unknown', line: 3 }] },
    ]);
  });

  it('carry no secret, neither in message nor details nor stack nor cause', () => {
    registerSecret('s3cret/of+errors');
    const cause = new Error('driver: password s3cret/of+errors');
    for (const error of [
      new PermanentError('Login s3cret/of+errors failed', { cause, where: 's3cret%2Fof%2Berrors' }),
      new RecipeError([{ path: 'a', message: 'found s3cret/of+errors' }], 'r'),
      new Error('s3cret/of+errors'),
    ]) {
      const failure = toFailure(error, 1);
      const text = JSON.stringify([failure.message, failure.details, failure.stack, String(failure.cause)]);
      expect(text)
        .to.include('***')
        .and.not.match(/s3cret/);
    }
  });
});

/** A failing activity is what these tests are about: no need to log it. */
const QUIET = { logger: new DefaultLogger('ERROR') };

describe('The error interceptor', () => {
  const run = (error: unknown, info: object = {}): Promise<unknown> =>
    new MockActivityEnvironment(info, QUIET)
      .run(() =>
        new ErrorInterceptor().execute({ args: [], headers: {} }, () => {
          throw error;
        })
      )
      .catch((each: unknown) => each);

  it('lets cancellations and failures made on purpose pass as they are', async () => {
    const cancelled = new CancelledFailure('CANCELLED');
    const failure = ApplicationFailure.retryable('x', 'Own');
    expect([await run(cancelled), await run(failure)]).to.deep.equal([cancelled, failure]);
  });

  it('counts attempts from the last progress on', async () => {
    const at = (attempt: number, progressed: number): Promise<unknown> =>
      run(new TransientError('reset'), { attempt, heartbeatDetails: { done: 3, attempt: progressed } });
    expect(await at(30, 11)).to.have.property('nonRetryable', false);
    expect(await at(30, 10)).to.have.property('nonRetryable', true);
  });

  it('takes heartbeat details of another version as no progress', async () => {
    const error = await run(new TransientError('reset'), { attempt: 20, heartbeatDetails: 'cursor 7' });
    expect(error).to.have.property('nonRetryable', true);
  });
});
