import type { Fakesnow } from '../../services/fakesnow.js';

/** serviceConnection.config for the emulator, secrets resolved. */
export function emulatedConnection(
  { port }: Pick<Fakesnow, 'port'>,
  values: Readonly<Record<string, unknown>> = {},
  driverArguments: Readonly<Record<string, unknown>> = {}
): Record<string, unknown> {
  return {
    username: 'fake',
    password: 'snow',
    account: 'fakesnow',
    warehouse: 'COMPUTE_WH',
    connectionArguments: {
      host: '127.0.0.1',
      port,
      protocol: 'http',
      sf_retry_max_login_retries: 1,
      ...driverArguments,
    },
    ...values,
  };
}
