import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createServer, request as send, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { openAwsParameterStore } from '../../../src/secrets/managers/aws-parameter-store.js';
import { openAwsSecretsManager } from '../../../src/secrets/managers/aws-secrets-manager.js';
import type { LoaderSettings } from '../../../src/secrets/managers/loader-settings.js';
import type { SecretManager } from '../../../src/secrets/managers/secret-manager.js';
import { startMoto, type Moto } from '../../services/moto.js';
import { AIRFLOW, delayOf, lookUp, refusalOf, type Lookup } from './lookups.js';

const ID = '/om/prod/database/shop/password';
const KEYS = { AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto-secret' };
const ENV = { ...KEYS, AWS_DEFAULT_REGION: 'eu-west-1' };

describe('secrets in AWS', function () {
  this.timeout(300_000);
  let moto: Moto;
  let url: string;
  let relay: Server;
  before(async () => {
    moto = await startMoto();
    relay = await relayTo(moto.url);
    const address = relay.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    const client = {
      endpoint: url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
    };
    const secrets = new SecretsManagerClient(client);
    const parameters = new SSMClient(client);
    await secrets.send(new CreateSecretCommand({ Name: ID, SecretString: 'aws-hunter2' }));
    await secrets.send(new CreateSecretCommand({ Name: '/om/none', SecretString: 'null' }));
    await secrets.send(new CreateSecretCommand({ Name: '/om/binary', SecretBinary: Buffer.from('x') }));
    await parameters.send(new PutParameterCommand({ Name: ID, Value: 'ssm-hunter2', Type: 'SecureString' }));
    await parameters.send(new PutParameterCommand({ Name: '/om/none', Value: 'null', Type: 'SecureString' }));
  });
  after(async () => {
    relay.closeAllConnections();
    relay.close();
    await moto.stop();
  });

  const managers = [
    {
      name: 'Secrets Manager',
      value: 'aws-hunter2',
      absent: 'ResourceNotFoundException',
      right: 'secretsmanager:GetSecretValue',
      open: (settings: LoaderSettings): Promise<SecretManager> => openAwsSecretsManager(settings, { endpoint: url }),
    },
    {
      name: 'Parameter Store',
      value: 'ssm-hunter2',
      absent: 'ParameterNotFound',
      right: 'ssm:GetParameter (and kms:Decrypt on its key)',
      open: (settings: LoaderSettings): Promise<SecretManager> => openAwsParameterStore(settings, { endpoint: url }),
    },
  ];
  for (const { name, value, absent, right, open } of managers) {
    describe(name, () => {
      const env = (variables: Readonly<Record<string, string>> = ENV): Lookup => ({ open, env: variables });

      it('are read in the region of AWS_DEFAULT_REGION with loader env, with the keys of the SDK’s own chain', async () => {
        expect(await lookUp(ID, env())).to.equal(value);
      });

      it('are read in the region of the SDK’s own chain with loader noop', async () => {
        expect(await lookUp(ID, { open, loader: 'noop', env: { ...KEYS, AWS_REGION: 'eu-west-1' } })).to.equal(value);
        expect(await lookUp(ID, { open, loader: 'noop', env: ENV }), "Python's name for it").to.equal(value);
      });

      it('are read with the region and keys of Airflow’s variables with loader airflow', async () => {
        const variables = {
          [`${AIRFLOW}AWS_REGION`]: 'eu-west-1',
          [`${AIRFLOW}AWS_ACCESS_KEY_ID`]: 'moto',
          [`${AIRFLOW}AWS_SECRET_ACCESS_KEY`]: 'moto-secret',
        };
        expect(await lookUp(ID, { open, loader: 'airflow', env: variables })).to.equal(value);
      });

      it('have no value where the server wrote that there is none', async () => {
        expect(await lookUp('/om/none', env())).to.equal('');
      });

      it('that are not there, or in another region, are named with the region', async () => {
        for (const [id, region] of [
          ['/om/other', 'eu-west-1'],
          [ID, 'us-east-2'],
        ] as const) {
          const message = await refusalOf(id, env({ ...KEYS, AWS_DEFAULT_REGION: region }));
          expect(message).to.match(
            new RegExp(`^secret:${id} can't be read: AWS ${name} in ${region} has no such secret \\(${absent}.*\\)\\. `)
          );
          expect(message).to.include('Check the id, and where it is looked for: the region, and the account');
        }
      });

      it('that the worker’s identity may not read are named with the right that is missing', async () => {
        const keys = await userWithoutRights(moto.url);
        await moto.askForRights(true);
        try {
          const message = await refusalOf(ID, env({ ...ENV, ...keys }));
          expect(message).to.match(
            new RegExp(
              `^secret:${ID} can't be read: AWS ${name} in eu-west-1 does not let this worker read it \\(AccessDenied`
            )
          );
          expect(message).to.include(`Grant the worker's identity ${right} on it.`);
          expect(await refusalOf(ID, env())).to.match(
            /eu-west-1 doesn't accept who the worker says it is \(\w+.*Give every worker an identity/
          );
        } finally {
          await moto.askForRights(false);
        }
      });

      it('without a region say which variable names it', async () => {
        expect(await refusalOf(ID, env(KEYS))).to.equal(
          'nothing tells in which AWS region the secrets are. Set AWS_DEFAULT_REGION in the environment of every worker.'
        );
        expect(await refusalOf(ID, { open, loader: 'airflow', env: KEYS })).to.include(`Set ${AIRFLOW}AWS_REGION in`);
      });

      it('of an endpoint that does not answer are tried again', async () => {
        const gone: Lookup['open'] = (settings) =>
          name === 'Secrets Manager'
            ? openAwsSecretsManager(settings, { endpoint: 'http://127.0.0.1:1' })
            : openAwsParameterStore(settings, { endpoint: 'http://127.0.0.1:1' });
        expect(await delayOf(ID, { open: gone, env: ENV })).to.equal(
          `secret:${ID} can't be read: AWS ${name} in eu-west-1 gave no answer (ECONNREFUSED).`
        );
      });
    });
  }

  it('that are binary are refused', async () => {
    const open = managers[0]?.open ?? expect.fail();
    expect(await refusalOf('/om/binary', { open, env: ENV })).to.equal(
      'secret:/om/binary in AWS Secrets Manager in eu-west-1 is binary. Store the secret as text (SecretString).'
    );
  });

  it('with half an identity from Airflow, or a region that is none, say so', async () => {
    const open = managers[0]?.open ?? expect.fail();
    const env = { ...ENV, [`${AIRFLOW}AWS_REGION`]: 'eu-west-1', [`${AIRFLOW}AWS_ACCESS_KEY_ID`]: 'moto' };
    expect(await refusalOf(ID, { open, loader: 'airflow', env })).to.equal(
      `${AIRFLOW}AWS_ACCESS_KEY_ID is set without ${AIRFLOW}AWS_SECRET_ACCESS_KEY. Set all of them, or none to leave the identity to the SDK.`
    );
    expect(await refusalOf(ID, { open, env: { ...ENV, AWS_DEFAULT_REGION: 'not a region' } })).to.match(
      /^the AWS region of the secrets can't be used \(.*not a region.*\)\. Correct AWS_DEFAULT_REGION /
    );
  });

  it('in a form that only Airflow can follow are refused with the name of the variable', async () => {
    const open = managers[0]?.open ?? expect.fail();
    const env = { ...KEYS, [`${AIRFLOW}AWS_REGION_CMD`]: 'cat /region' };
    expect(await refusalOf(ID, { open, loader: 'airflow', env })).to.equal(
      `${AIRFLOW}AWS_REGION_CMD is a command that Airflow's own configuration runs, which a worker outside Airflow can't follow. Set ${AIRFLOW}AWS_REGION to the value itself.`
    );
  });
});

/**
 * moto answers refused rights in XML, whatever the service speaks: here they get the form that AWS gives them, with
 * moto's code and words.
 */
async function relayTo(moto: string): Promise<Server> {
  const server = createServer((request, response) => {
    // The signature covers the headers: they go on as they came, the host's name too.
    const onward = send(`${moto}${request.url ?? ''}`, { method: 'POST', headers: request.headers }, (answer) => {
      void text(answer).then((said) => {
        const code = /<Code>(\w+)<\/Code>/.exec(said)?.[1];
        const body = { __type: code, message: code === undefined ? '' : element(said, 'Message') };
        response.writeHead(code === undefined ? (answer.statusCode ?? 500) : 400, {
          'content-type': 'application/x-amz-json-1.1',
        });
        response.end(code === undefined ? said : JSON.stringify(body));
      });
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Keys of a user that IAM knows and that no policy lets do anything. */
async function userWithoutRights(url: string): Promise<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>> {
  const user = `nobody-${Math.random().toString(36).slice(2)}`;
  await iam(url, { Action: 'CreateUser', UserName: user });
  const answer = await iam(url, { Action: 'CreateAccessKey', UserName: user });
  return {
    AWS_ACCESS_KEY_ID: element(answer, 'AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: element(answer, 'SecretAccessKey'),
  };
}

async function iam(url: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    // moto tells its services apart by the scope of the signature, which it doesn't check as long as it asks for no
    // rights.
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=moto/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({ ...parameters, Version: '2010-05-08' }),
  });
  return answer.text();
}

function element(xml: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`).exec(xml)?.[1] ?? expect.fail(`no ${name} in ${xml}`);
}
