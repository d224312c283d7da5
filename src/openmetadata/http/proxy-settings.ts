import { BlockList, isIP } from 'node:net';
import { PermanentError } from '../../errors/index.js';
import { registerSecret } from '../../secrets/index.js';

/** The proxy by which an address is reached. */
export interface ProxySettings {
  /** `http://proxy:3128`, without credentials. */
  readonly origin: string;
  /** Value of the header `proxy-authorization`. */
  readonly authorization?: string;
  /** The variable that names it, for messages. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for `origin`, from HTTPS_PROXY or HTTP_PROXY by its scheme, else from ALL_PROXY; lower-case names win.
 * Addresses of this host never use a proxy, nor do those that NO_PROXY lists: `*`, names with everything below them,
 * addresses, networks (`10.0.0.0/8`), each with or without a port.
 * @throws PermanentError for a proxy that can't be used, naming the variable and not its value
 */
export function proxyFor(origin: string, environment: Environment = process.env): ProxySettings | undefined {
  const { protocol, hostname, port } = new URL(origin);
  const scheme = protocol.replace(':', '');
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isLoopback(host)) return undefined;
  for (const name of [`${scheme}_proxy`, 'all_proxy']) {
    const found = variable(name, environment);
    if (found === undefined) continue;
    const excepted = variable('no_proxy', environment)?.value ?? '';
    return isExcepted(host, port === '' ? defaultPort(protocol) : port, excepted) ? undefined : parseProxy(found);
  }
  return undefined;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function variable(lower: string, environment: Environment): Variable | undefined {
  for (const name of [lower, lower.toUpperCase()]) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

function parseProxy({ name, value }: Variable): ProxySettings {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    const found = url === undefined ? 'is not a URL' : `names a ${url.protocol.replace(':', '')} proxy`;
    throw new PermanentError(`The environment variable ${name} ${found}.`, {
      where: name,
      remedy: `Set it to http://host:port or https://host:port, or list the host of OpenMetadata in NO_PROXY.`,
    });
  }
  const { username, password } = url;
  if (username === '' && password === '') return { origin: url.origin, variable: name };
  const login = [username, password].map((part) => decoded(part));
  for (const part of [password, decoded(password)]) registerSecret(part);
  return {
    origin: url.origin,
    authorization: `Basic ${Buffer.from(login.join(':'), 'utf8').toString('base64')}`,
    variable: name,
  };
}

/** A lone `%` in a password usually means that nobody encoded it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const network = /^([\da-f.:]+)\/(\d{1,3})$/.exec(entry);
  if (network !== null) return isWithin(host, network[1] ?? '', Number(network[2]));
  // a bare IPv6 address has colons too, but no port after one
  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort !== null && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? entry).replace(/^\[(.*)\]$/, '$1').replace(/^\*?\./, '');
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}

function isWithin(host: string, address: string, bits: number): boolean {
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isWithin(host, '127.0.0.0', 8);
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80';
}
