import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openKubernetesSecrets } from '../../../src/secrets/managers/kubernetes-secrets.js';
import { AIRFLOW, delayOf, lookUp, refusalOf, type Open } from './lookups.js';
import { startRestServer, type RestAnswer, type RestCall, type RestServer } from './rest-server.js';

const TOKEN = 'token-of-the-service-account';

/** What a Kubernetes API server answers for secrets, with the words of its Status objects. */
function cluster({ path: called, authorization }: RestCall): RestAnswer | undefined {
  const [, namespace = '', name = ''] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets\/(.+)$/.exec(called) ?? [];
  if (authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Unauthorized');
  if (namespace === 'forbidden') {
    return refusal(
      403,
      `secrets "${name}" is forbidden: User "system:serviceaccount:om:worker" cannot get resource "secrets" in API group "" in the namespace "forbidden"`
    );
  }
  if (namespace === 'busy') return refusal(503, 'the server is currently unable to handle the request');
  if (namespace === 'gone') return undefined;
  const value = VALUES[`${namespace}/${name}`];
  if (value === undefined) return refusal(404, `secrets "${name}" not found`);
  return { body: { kind: 'Secret', apiVersion: 'v1', metadata: { name, namespace }, data: value } };
}

const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'om/shop-password': { value: Buffer.from('kubernetes-hunter2').toString('base64') },
  'om/other-key': { password: 'eA==' },
  'default/shop-password': { value: Buffer.from('kubernetes-default').toString('base64') },
};

function refusal(code: number, message: string): RestAnswer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code } };
}

describe('secrets in Kubernetes', function () {
  this.timeout(240_000);
  let server: RestServer;
  let folder: string;
  let kubeconfig: string;
  const open: Open = (settings) => openKubernetesSecrets(settings, { root: folder });
  before(async () => {
    server = await startRestServer(cluster);
    folder = mkdtempSync(path.join(tmpdir(), 'kube-'));
    kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf(server, TOKEN));
    writeFileSync(path.join(folder, 'no-token'), kubeconfigOf(server, 'another'));
    const account = path.join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(account, { recursive: true });
    for (const [name, text] of [
      ['ca.crt', server.ca],
      ['token', TOKEN],
      ['namespace', 'om'],
    ] as const)
      writeFileSync(path.join(account, name), text);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('are read by a kubeconfig and a namespace with loader env', async () => {
    const env = { KUBERNETES_KUBECONFIG_PATH: kubeconfig, KUBERNETES_NAMESPACE: 'om' };
    expect(await lookUp('shop-password', { open, env })).to.equal('kubernetes-hunter2');
  });

  it('are read in the namespace `default` where nothing names one', async () => {
    expect(await lookUp('shop-password', { open, env: { KUBERNETES_KUBECONFIG_PATH: kubeconfig } })).to.equal(
      'kubernetes-default'
    );
  });

  it('are read in a pod by its service account, in its namespace', async () => {
    const env = {
      KUBERNETES_IN_CLUSTER: 'True',
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: `${server.port}`,
    };
    expect(await lookUp('shop-password', { open, env })).to.equal('kubernetes-hunter2');
  });

  it('are read by Airflow’s variables with loader airflow', async () => {
    const env = { [`${AIRFLOW}KUBERNETES_KUBECONFIG_PATH`]: kubeconfig, [`${AIRFLOW}KUBERNETES_NAMESPACE`]: 'om' };
    expect(await lookUp('shop-password', { open, loader: 'airflow', env })).to.equal('kubernetes-hunter2');
  });

  it('are read by the SDK’s own KUBECONFIG with loader noop', async () => {
    expect(await lookUp('shop-password', { open, loader: 'noop', env: { KUBECONFIG: kubeconfig } })).to.equal(
      'kubernetes-default'
    );
  });

  const refused: readonly (readonly [what: string, id: string, namespace: string, message: RegExp])[] = [
    [
      'not there',
      'other',
      'om',
      /^secret:other can't be read: Kubernetes, namespace om, has no such secret \(404: secrets "other" not found\)\. Check the id, and where it is looked for: the namespace \(KUBERNETES_NAMESPACE\) and the cluster https:\/\/127\.0\.0\.1:\d+\.$/,
    ],
    [
      'without the data key that the server writes',
      'other-key',
      'om',
      /^secret:other-key can't be read: the secret is in Kubernetes, namespace om, but has no data key `value`\. Write the value under that key\.$/,
    ],
    [
      'not for this worker',
      'shop-password',
      'forbidden',
      /^secret:shop-password can't be read: Kubernetes, namespace forbidden, does not let this worker read it \(403: secrets "shop-password" is forbidden: User "system:serviceaccount:om:worker" cannot get .*\)\. Grant the worker's identity the verb get on secrets \(a Role and a RoleBinding in that namespace\) on it\.$/,
    ],
  ];
  for (const [what, id, namespace, message] of refused) {
    it(`that are ${what} say so`, async () => {
      const env = { KUBERNETES_KUBECONFIG_PATH: kubeconfig, KUBERNETES_NAMESPACE: namespace };
      expect(await refusalOf(id, { open, env })).to.match(message);
    });
  }

  it('of a server that is busy or cuts the connection are tried again', async () => {
    for (const [namespace, why] of [
      ['busy', '503: the server is currently unable to handle the request'],
      ['gone', 'ECONNRESET'],
    ] as const) {
      const env = { KUBERNETES_KUBECONFIG_PATH: kubeconfig, KUBERNETES_NAMESPACE: namespace };
      expect(await delayOf('x', { open, env })).to.equal(
        `secret:x can't be read: Kubernetes, namespace ${namespace}, gave no answer (${why}).`
      );
    }
  });

  it('need an identity and a cluster', async () => {
    const env = { KUBERNETES_KUBECONFIG_PATH: path.join(folder, 'no-token'), KUBERNETES_NAMESPACE: 'om' };
    expect(await refusalOf('x', { open, env })).to.include("doesn't accept who the worker says it is (401)");
    expect(await refusalOf('x', { open, env: { KUBERNETES_KUBECONFIG_PATH: '/nowhere' } })).to.match(
      /^the configuration of the Kubernetes cluster can't be read \(ENOENT.*\)\. Set KUBERNETES_IN_CLUSTER=true in a pod, or KUBERNETES_KUBECONFIG_PATH to a kubeconfig, on every worker\.$/
    );
    expect(await refusalOf('x', { open, env: { KUBERNETES_IN_CLUSTER: 'true' } })).to.include(
      "can't be read (this isn't a pod: KUBERNETES_SERVICE_HOST is not set)"
    );
    expect(await refusalOf('x', { open, loader: 'noop', env: { HOME: folder } })).to.include(
      "can't be read (there is no kubeconfig and this isn't a pod)"
    );
  });
});

function kubeconfigOf(server: RestServer, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'c',
        cluster: { server: server.url, 'certificate-authority-data': Buffer.from(server.ca).toString('base64') },
      },
    ],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}
