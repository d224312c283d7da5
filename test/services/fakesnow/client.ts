/** A plain connection for setting the scene; the code under test opens its own. */
export interface FakesnowConnection {
  execute(sql: string, binds?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function connectToFakesnow(url: string, password: string): Promise<FakesnowConnection> {
  // The driver's AWS SDK would nag about the Node version at import.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { default: snowflake } = await import('snowflake-sdk');
  snowflake.configure({ logLevel: 'OFF' });
  const connection = snowflake.createConnection({
    accessUrl: url,
    account: 'fakesnow',
    username: 'fake',
    password,
    warehouse: 'COMPUTE_WH',
    sfRetryMaxLoginRetries: 1,
  });
  await connection.connectAsync();
  return {
    execute: (sql, binds) =>
      new Promise((resolve, reject) => {
        connection.execute({
          sqlText: sql,
          ...(binds === undefined ? {} : { binds: [...binds] }),
          complete: (error, _statement, rows) => {
            if (error === undefined || error === null) resolve(rows ?? []);
            else reject(new Error(`${error.message}\nin: ${sql.slice(0, 300)}`));
          },
        });
      }),
    close: () => new Promise((resolve) => connection.destroy(() => resolve())),
  };
}
