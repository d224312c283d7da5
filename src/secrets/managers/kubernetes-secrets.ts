import { ApiException, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { registerSecret } from '../redaction.js';
import { unresolved } from '../secret-source.js';
import { codeOf, lookupFailure, networkFault, saidBy, type LookupFault } from './lookup-failure.js';
import type { LoaderSettings } from './loader-settings.js';
import type { SecretManager } from './secret-manager.js';

/** For tests: a folder used as `/`, below which a pod's service account is looked for. */
export interface KubernetesOverrides {
  readonly root?: string;
}

const NAMESPACE = { env: 'KUBERNETES_NAMESPACE', airflow: 'KUBERNETES_NAMESPACE' };
const IN_CLUSTER = { env: 'KUBERNETES_IN_CLUSTER', airflow: 'KUBERNETES_IN_CLUSTER' };
const KUBECONFIG = { env: 'KUBERNETES_KUBECONFIG_PATH', airflow: 'KUBERNETES_KUBECONFIG_PATH' };
/** The key of a secret's data that the OpenMetadata server writes. */
const DATA_KEY = 'value';

/**
 * Secrets of one Kubernetes namespace: data key `value`. @throws RecipeError when the cluster's configuration can't be
 * read
 */
export function openKubernetesSecrets(
  settings: LoaderSettings,
  { root = '' }: KubernetesOverrides = {}
): SecretManager {
  const config = clusterOf(settings, root);
  const { token, password } = config.getCurrentUser() ?? {};
  for (const credential of [token, password]) if (credential !== undefined) registerSecret(credential);
  const namespace = settings.value(NAMESPACE) ?? namespaceOf(config);
  const api = config.makeApiClient(CoreV1Api);
  const place = `Kubernetes, namespace ${namespace},`;
  return {
    read: async (id) => {
      const secret = await api.readNamespacedSecret({ name: id, namespace }).catch((error: unknown) => {
        throw lookupFailure({
          id,
          place,
          fault: faultOf(error),
          said: saidOf(error),
          right: 'the verb get on secrets (a Role and a RoleBinding in that namespace)',
          identity: 'a service account in its pod (KUBERNETES_IN_CLUSTER=true), or a kubeconfig',
          settings: `the namespace (${settings.nameOf(NAMESPACE) ?? 'that of the pod or of the kubeconfig'}) and the cluster ${config.getCurrentCluster()?.server ?? ''}`,
        });
      });
      const value = secret.data?.[DATA_KEY];
      if (value !== undefined) return Buffer.from(value, 'base64').toString('utf8');
      throw unresolved(
        `secret:${id} can't be read: the secret is in ${place} but has no data key \`${DATA_KEY}\`. Write the value under that key.`
      );
    },
  };
}

/**
 * In the cluster, a named kubeconfig, or the SDK's default (KUBECONFIG, ~/.kube/config, then the pod's service
 * account).
 */
function clusterOf(settings: LoaderSettings, root: string): KubeConfig {
  const config = new KubeConfig();
  const kubeconfig = settings.value(KUBECONFIG);
  try {
    if (settings.value(IN_CLUSTER)?.toLowerCase() === 'true') loadFromPod(config, root);
    else if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
    else loadDefault(config);
  } catch (error) {
    throw unresolved(
      `the configuration of the Kubernetes cluster can't be read (${saidBy(error)}). ` +
        `Set ${settings.nameOf(IN_CLUSTER) ?? 'KUBERNETES_IN_CLUSTER'}=true in a pod, or ${settings.nameOf(KUBECONFIG) ?? 'KUBECONFIG'} to a kubeconfig, on every worker.`
    );
  }
  return config;
}

/** The SDK takes a pod for granted, and otherwise has an API server at `undefined`. */
function loadFromPod(config: KubeConfig, root: string): void {
  if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '')
    throw new Error("this isn't a pod: KUBERNETES_SERVICE_HOST is not set");
  config.loadFromCluster(root);
}

/** What the SDK connects to when it finds no configuration at all. */
const NOTHING_FOUND = 'http://localhost:8080';

function loadDefault(config: KubeConfig): void {
  config.loadFromDefault();
  if (config.getCurrentCluster()?.server === NOTHING_FOUND)
    throw new Error("there is no kubeconfig and this isn't a pod");
}

/** From the context; the pod's if the configuration is the pod's. */
function namespaceOf(config: KubeConfig): string {
  return config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
}

function faultOf(error: unknown): LookupFault {
  if (!(error instanceof ApiException)) return networkFault(error) ?? 'other';
  if (error.code === 401) return 'login';
  if (error.code === 403) return 'permission';
  if (error.code === 404) return 'absent';
  return error.code === 429 || error.code >= 500 ? 'transient' : 'other';
}

const status = z.object({ message: z.string() });

/** The server's own message: the SDK's repeats the whole answer with its headers. */
function saidOf(error: unknown): string {
  if (!(error instanceof ApiException)) return codeOf(error) ?? saidBy(error);
  const body: unknown = error.body;
  const parsed = status.safeParse(typeof body === 'string' ? jsonOf(body) : body);
  return `${error.code}${parsed.success ? `: ${parsed.data.message}` : ''}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
