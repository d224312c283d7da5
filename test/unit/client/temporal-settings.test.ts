import { inspect } from 'node:util';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTemporalSettings, TemporalSettingsError } from '../../../src/client/temporal-settings.js';

describe('Temporal settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-settings-'));
  const file = join(folder, 'temporal.toml');
  before(() => writeFileSync(file, '[profile.prod]\naddress = "temporal.example:7233"\nnamespace = "ingestion"\n'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are localhost:7233 and the namespace default when nobody says otherwise', () => {
    const settings = readTemporalSettings({ TEMPORAL_CONFIG_FILE: join(folder, 'absent.toml') });
    expect(settings).to.include({ address: 'localhost:7233', namespace: 'default', configured: false });
  });

  it('come from TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE', () => {
    const settings = readTemporalSettings({ TEMPORAL_ADDRESS: 'far:1', TEMPORAL_NAMESPACE: 'n' });
    expect(settings).to.include({ address: 'far:1', namespace: 'n', configured: true });
  });

  it('come from a profile of temporal.toml', () => {
    const settings = readTemporalSettings({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' });
    expect(settings).to.include({ address: 'temporal.example:7233', namespace: 'ingestion', configured: true });
  });

  it('name the variable to look at when the profile is unknown', () => {
    expect(() => readTemporalSettings({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'dev' })).to.throw(
      TemporalSettingsError,
      /dev.*TEMPORAL_PROFILE/
    );
  });

  it('that have a key in place of its path do not quote it', () => {
    const key = `MIGHAgEAMBMGByqGSM49${'A'.repeat(120)}`;
    const certificate = join(folder, 'client.pem');
    writeFileSync(certificate, 'x');
    const variables = { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: key };
    expect(() => readTemporalSettings(variables))
      .to.throw(TemporalSettingsError, 'its path has 140 characters')
      .with.property('message')
      .that.does.not.contain('MIGH');
  });

  it('that are no TOML name the line and quote none of it', () => {
    const broken = join(folder, 'broken.toml');
    const texts = [
      'api_key = "topsecret\n',
      'api_key = topsecret\n',
      'api_key: topsecret\n',
      'api_key = "a" topsecret\n',
    ];
    for (const text of texts) {
      writeFileSync(broken, `[profile.default]\naddress = "a:1"\n${text}`);
      let error: unknown;
      try {
        readTemporalSettings({ TEMPORAL_CONFIG_FILE: broken });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(TemporalSettingsError);
      expect(inspect(error, { depth: 5 }))
        .not.to.contain('topsecret')
        .and.not.to.contain('api_key =');
      expect(String(error)).to.contain('line 3');
    }
  });
});
