import { expect } from 'chai';
import { isTracing } from '../../../src/worker/tracing/tracing.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('A worker sends traces', () => {
  it('when a receiver is named, for everything or for traces', () => {
    expect(isTracing(ENDPOINT)).to.equal(true);
    expect(isTracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' })).to.equal(true);
  });

  it('not without one, and not when that is switched off', () => {
    expect(isTracing({})).to.equal(false);
    expect(isTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).to.equal(false);
    expect(isTracing({ ...ENDPOINT, OTEL_SDK_DISABLED: 'True' })).to.equal(false);
    expect(isTracing({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).to.equal(false);
  });
});
