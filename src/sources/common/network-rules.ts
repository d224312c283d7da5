import type { CodeRule } from './code-rules.js';

const lost: CodeRule = {
  consequence: 'transient',
  meaning: 'closed the connection',
  remedy: "The server's log tells why; if it does not, look at the network between this worker and the server.",
};
const unreachable: CodeRule = {
  consequence: 'transient',
  meaning: 'cannot be reached from here',
  remedy: 'Check routes and firewalls between this worker and the server.',
};

/** Node's codes for faults on the way to a server, whatever the engine. */
export const NETWORK_RULES: Readonly<Record<string, CodeRule>> = {
  ENOTFOUND: {
    consequence: 'permanent',
    meaning: 'has a host name that nobody knows',
    remedy: 'Check the host in hostPort and the DNS of this worker.',
  },
  EAI_AGAIN: {
    consequence: 'transient',
    meaning: 'could not be looked up: the DNS does not answer',
    remedy: 'Check the DNS of this worker.',
  },
  ECONNREFUSED: {
    consequence: 'transient',
    meaning: 'is not listening',
    remedy: 'Check host and port in hostPort, and that the server runs.',
  },
  ETIMEDOUT: {
    consequence: 'transient',
    meaning: 'did not answer in time',
    remedy: 'Check hostPort and firewalls, or raise connectionArguments.connect_timeout (seconds).',
  },
  ECONNRESET: { ...lost, meaning: 'reset the connection' },
  EPIPE: lost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
};
