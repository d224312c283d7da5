import { execFileSync } from 'node:child_process';
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

  it('turn TLS on by TEMPORAL_TLS, by a name for the certificate or by an API key, and off by TEMPORAL_TLS=false', () => {
    const nothing = { TEMPORAL_CONFIG_FILE: join(folder, 'absent.toml') };
    const tlsOf = (variables: NodeJS.ProcessEnv): unknown =>
      readTemporalSettings({ ...nothing, ...variables }).connectionOptions.tls;
    expect(tlsOf({})).to.equal(undefined);
    expect(tlsOf({ TEMPORAL_TLS: 'true' })).to.be.an('object');
    expect(tlsOf({ TEMPORAL_TLS_SERVER_NAME: 'temporal.example' })).to.include({
      serverNameOverride: 'temporal.example',
    });
    expect(tlsOf({ TEMPORAL_API_KEY: 'k' })).to.equal(true);
    expect(tlsOf({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' })).to.equal(false);
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

  it('are read from regular files only: a pipe ends them in words, it is not waited for', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const certificate = join(folder, 'client.pem');
    writeFileSync(certificate, 'x');
    const said = (variables: NodeJS.ProcessEnv): (() => unknown) => {
      return () => readTemporalSettings(variables);
    };
    expect(said({ TEMPORAL_CONFIG_FILE: pipe })).to.throw(TemporalSettingsError, `${pipe} is not a regular file`);
    expect(said({ TEMPORAL_CONFIG_FILE: folder })).to.throw(TemporalSettingsError, `${folder} is a folder`);
    const tls = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_TLS_CLIENT_CERT_PATH: certificate };
    expect(said({ ...tls, TEMPORAL_TLS_CLIENT_KEY_PATH: pipe })).to.throw(`${pipe} is not a regular file`);
    expect(said({ ...tls, TEMPORAL_TLS_CLIENT_KEY_PATH: folder })).to.throw(`${folder} is a folder`);
    const settings = readTemporalSettings({ ...tls, TEMPORAL_TLS_CLIENT_KEY_PATH: certificate });
    expect(settings.connectionOptions.tls).to.deep.include({
      clientCertPair: { crt: Buffer.from('x'), key: Buffer.from('x') },
    });
  });

  it('of a wrong type are named, and their value is not quoted', () => {
    const wrong = join(folder, 'wrong.toml');
    const lines = {
      'api_key = ["topsecret"]': 'api_key of the profile must be a text in quotes',
      'address = 7233': 'address of the profile must be a text in quotes',
      'tls = { server_name = ["topsecret"] }': 'tls.server_name of the profile must be a text in quotes',
      'tls = { disabled = "topsecret" }': 'tls.disabled of the profile must be true or false',
      'grpc_meta = { x = ["topsecret"] }': 'grpc_meta.x of the profile must be a text in quotes',
    };
    for (const [line, said] of Object.entries(lines)) {
      writeFileSync(wrong, `[profile.default]\n${line}\n`);
      expect(() => readTemporalSettings({ TEMPORAL_CONFIG_FILE: wrong }), line)
        .to.throw(TemporalSettingsError, said)
        .with.property('message')
        .that.does.not.contain('topsecret');
    }
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
