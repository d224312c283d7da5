import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openGcpSecretManager } from '../../../src/secrets/managers/gcp-secret-manager.js';
import type { SecretManager } from '../../../src/secrets/managers/secret-manager.js';
import { AIRFLOW, delayOf, lookUp, refusalOf, type Lookup, type Open } from './lookups.js';
import { startRestServer, type RestAnswer, type RestCall, type RestServer } from './rest-server.js';

/** CRC-32C of `gcp-hunter2`, reckoned bit by bit elsewhere. */
const CHECKSUM = '1188766605';

function google({ path: called }: RestCall): RestAnswer {
  const [, project, id] = /^\/v1\/projects\/([^/]+)\/secrets\/([^/]+)\/versions\/latest:access$/.exec(called) ?? [];
  if (project === 'other-project')
    return refusal(403, 'PERMISSION_DENIED', `Permission 'secretmanager.versions.access' denied on resource`);
  switch (id) {
    case 'shop-password':
      return {
        body: { name: called, payload: { data: Buffer.from('gcp-hunter2').toString('base64'), dataCrc32c: CHECKSUM } },
      };
    case 'project':
      return { body: { name: called, payload: { data: Buffer.from(project ?? '').toString('base64') } } };
    case 'damaged':
      return {
        body: { name: called, payload: { data: Buffer.from('gcp-hunter3').toString('base64'), dataCrc32c: CHECKSUM } },
      };
    case 'busy':
      return refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');
    case 'login':
      return refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    default:
      return refusal(404, 'NOT_FOUND', `Secret [projects/1/secrets/${id}] not found or has no versions.`);
  }
}

function refusal(code: number, status: string, message: string): RestAnswer {
  return { status: code, body: { error: { code, status, message } } };
}

describe('secrets in Google Secret Manager', function () {
  this.timeout(240_000);
  let server: RestServer;
  let folder: string;
  let credentials: { GOOGLE_APPLICATION_CREDENTIALS: string };
  before(async () => {
    server = await startRestServer(google);
    folder = mkdtempSync(path.join(tmpdir(), 'gcp-'));
    const file = path.join(folder, 'account.json');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(
      file,
      JSON.stringify({
        type: 'service_account',
        project_id: 'project-of-the-account',
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        private_key_id: 'key-1',
        client_email: 'worker@project-of-the-account.iam.gserviceaccount.com',
      })
    );
    credentials = { GOOGLE_APPLICATION_CREDENTIALS: file };
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const open: Open = (settings) =>
    openGcpSecretManager(settings, {
      apiEndpoint: '127.0.0.1',
      port: server.port,
      agent: new Agent({ ca: server.ca }),
    });
  const inProject = (project = 'shop-project'): Lookup => ({
    open,
    env: { ...credentials, GOOGLE_CLOUD_PROJECT: project },
  });

  it('are read in the project of GOOGLE_CLOUD_PROJECT with loader env', async () => {
    expect(await lookUp('shop-password', inProject())).to.equal('gcp-hunter2');
  });

  it('are read in the project of Airflow’s variable with loader airflow', async () => {
    const env = { ...credentials, [`${AIRFLOW}PROJECT_ID`]: 'airflow-project' };
    expect(await lookUp('project', { open, loader: 'airflow', env })).to.equal('airflow-project');
  });

  it('are read in the project of the worker’s credentials with loader noop', async () => {
    expect(await lookUp('project', { open, loader: 'noop', env: credentials })).to.equal('project-of-the-account');
  });

  it('that are not there or not for this worker say so', async () => {
    expect(await refusalOf('other', inProject())).to.match(
      /^secret:other can't be read: Google Secret Manager, project shop-project, has no such secret \(.*Secret \[projects\/1\/secrets\/other\] not found or has no versions\)\. Check the id, and where it is looked for: the project \(GOOGLE_CLOUD_PROJECT\)\.$/
    );
    expect(await refusalOf('shop-password', inProject('other-project'))).to.match(
      /^secret:shop-password can't be read: Google Secret Manager, project other-project, does not let this worker read it \(.*Permission 'secretmanager\.versions\.access' denied.*\)\. Grant the worker's identity the role roles\/secretmanager\.secretAccessor on it\.$/
    );
  });

  it('need a project, and an identity that Google accepts', async () => {
    expect(await refusalOf('x', { open, env: credentials })).to.equal(
      'secretsManagerLoader env takes the Google Cloud project from GOOGLE_CLOUD_PROJECT, which is not set. Set it in the environment of every worker and start them again.'
    );
    const gone = { ...inProject().env, GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json' };
    expect(await refusalOf('x', { ...inProject(), env: gone })).to.match(
      /doesn't accept who the worker says it is \(The file at \/nowhere\/key\.json does not exist.*Give every worker an identity/
    );
    expect(await refusalOf('login', inProject())).to.include("doesn't accept who the worker says it is (");
  });

  it('end no worker when the login fails, and are read once the key file is there', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    try {
      const file = path.join(folder, 'mounted-later.json');
      let manager: SecretManager | undefined;
      const late: Lookup = {
        open: async (settings) => (manager ??= await open(settings)),
        env: { ...inProject().env, GOOGLE_APPLICATION_CREDENTIALS: file },
      };
      const refused = async (what: string): Promise<void> => {
        expect(await refusalOf('shop-password', late), what).to.include("doesn't accept who the worker says it is (");
      };
      await refused('nothing is there');
      mkdirSync(file);
      await refused('a folder');
      rmdirSync(file);
      const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
      for (const fields of [{}, { client_email: 'a@b' }, { client_email: 'a@b', private_key: key }]) {
        writeFileSync(file, JSON.stringify({ type: 'service_account', ...fields }));
        await refused(Object.keys(fields).join());
      }
      writeFileSync(file, '{"type": "service_account", "private_key": "cut');
      await refused('half a file');
      copyFileSync(credentials.GOOGLE_APPLICATION_CREDENTIALS, file);
      expect(await lookUp('shop-password', late)).to.equal('gcp-hunter2');
      await new Promise((done) => setImmediate(done));
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.off('unhandledRejection', onUnhandled);
    }
  });

  it('that came damaged are not used', async () => {
    expect(await refusalOf('damaged', inProject())).to.equal(
      'secret:damaged of Google Secret Manager, project shop-project, came damaged: its checksum is another. Start the run again.'
    );
  });

  it('of a service that is not available are tried again', async () => {
    expect(await delayOf('busy', inProject())).to.match(
      /^secret:busy can't be read: .* gave no answer \(.*currently unavailable/
    );
  });
});
