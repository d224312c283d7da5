/** Host and port of a recipe's `hostPort`; brackets around an IPv6 address are removed. */
export function splitHostPort(hostPort: string, defaultPort: number): { host: string; port: number } {
  const match = /^(.*?)(?::(\d+))?$/.exec(hostPort);
  const host = (match?.[1] ?? hostPort).replace(/^\[(.*)\]$/, '$1');
  return { host, port: match?.[2] === undefined ? defaultPort : Number(match[2]) };
}
