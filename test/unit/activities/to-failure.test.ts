import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'chai';
import { toFailure } from '../../../src/activities/run/to-failure.js';
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

  it('wait no shorter than Temporal does by itself, however short the wait is that was asked for', () => {
    for (const [asked, tries] of [
      [1_000, 1],
      [7_000, 4],
      [59_000, 19],
    ] as const) {
      const failure = toFailure(new TransientError('busy', { retryAfterMs: asked }), tries);
      expect(failure.nextRetryDelay, String(asked)).to.equal(undefined);
      expect(failure.message).to.equal('busy');
    }
  });

  it('are given up after many attempts without progress, and say so', () => {
    expect(toFailure(new TransientError('reset'), 19).nonRetryable).to.equal(false);
    const last = toFailure(new TransientError('reset'), 20);
    expect(last.nonRetryable).to.equal(true);
    expect(last.message).to.equal('reset. Given up after 20 attempts without progress.');
    expect([toFailure(new Error('bug'), 4).nonRetryable, toFailure(new Error('bug'), 5).nonRetryable]).to.deep.equal([
      false,
      true,
    ]);
  });

  it('are given up later where the end of a run is reported', () => {
    const after = (tries: number): boolean | null | undefined =>
      toFailure(new TransientError('refused'), tries, { activity: 'finishRun' }).nonRetryable;
    expect([after(20), after(59), after(60)]).to.deep.equal([false, false, true]);
  });

  it('say since when they are tried, as long as they are', () => {
    const since = Date.UTC(2026, 10, 22, 3);
    expect(toFailure(new TransientError('reset'), 2, { since }).message).to.equal(
      'reset. Waiting since 2026-11-22T03:00:00Z.'
    );
    expect(toFailure(new TransientError('reset'), 20, { since }).message).not.to.contain('since');
    expect(toFailure(new PermanentError('no'), 2, { since }).message).to.equal('no');
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

  it('are cut, with all that they echo, so that any history takes them', () => {
    const long = 'x'.repeat(5_000_000);
    const problems = Array.from({ length: 400 }, () => ({ path: `source.${long}`, message: long, line: 1 }));
    const errors = [
      new TransientError(long, { where: long, remedy: long, cause: new Error(long) }),
      new PermanentError(long),
      new RecipeError(problems, long),
      new Error(long),
      long,
    ];
    for (const error of errors) {
      const failure = toFailure(error, 1, { since: Date.now() });
      const { message, stack = '', details } = failure;
      const size = Buffer.byteLength(JSON.stringify([message, stack, details, String(failure.cause)]));
      expect(size).to.be.below(60_000);
    }
    for (const sign of ['\u0001', '\u5b57']) {
      const text = sign.repeat(100_000);
      const wide = Array.from({ length: 30 }, () => ({ path: text, message: text, line: 1 }));
      const { message, stack = '', details } = toFailure(new RecipeError(wide, text), 1, { since: Date.now() });
      expect(Buffer.byteLength(message + stack + JSON.stringify(details))).to.be.below(64 * 1024);
    }
    expect(toFailure(errors[0], 1, { since: Date.UTC(2026, 10, 22, 3) }).message).to.match(
      / Waiting since 2026-11-22T03:00:00Z\.$/
    );
  });

  it('wait for a quarter of an hour at most, and say so', () => {
    const patient = toFailure(new TransientError('busy', { retryAfterMs: Date.UTC(2099, 0) }), 1, {
      since: Date.now(),
    });
    expect(patient.nextRetryDelay).to.equal(900_000);
    expect(patient.message)
      .to.contain('asked to wait for longer than 15 minutes')
      .and.contain('The next try is in 900 s');
  });

  it('do not begin a wait that ends after the stage’s own limit', () => {
    const error = new TransientError('busy', { retryAfterMs: 600_000 });
    const failure = toFailure(error, 1, { scheduledAt: Date.now() - 1_500_000, limitMs: 1_800_000 });
    expect(failure.nonRetryable).to.equal(true);
    expect(failure.message).to.contain('longer than this stage may take');
    expect(toFailure(error, 1, { scheduledAt: Date.now(), limitMs: 1_800_000 }).nonRetryable).to.equal(false);
  });
});
