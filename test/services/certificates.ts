import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A certificate and its key, as PEM texts and as files. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  /** `DNS:localhost,IP:127.0.0.1`. Default: those two. */
  readonly names?: string;
  /** `20200101000000Z`, from and until. Default: two days from now. */
  readonly valid?: readonly [from: string, until: string];
  readonly usage?: 'serverAuth' | 'clientAuth';
}

/** An authority made for one test, with the certificates that it signs. */
export interface TestAuthority {
  readonly ca: string;
  readonly caFile: string;
  issue(name: string, options?: CertificateOptions): Certified;
  /** A certificate of a key that somebody else holds; PEM texts. */
  certify(publicKey: string): string;
  remove(): void;
}

/** All authorities have one name: what tells a wrong one is its key, as after the renewal of a company's own. */
export function makeAuthority(): TestAuthority {
  const folder = mkdtempSync(path.join(tmpdir(), 'om-ca-'));
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
  };
  const keyPair = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...keyPair,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority'
  );
  writeFileSync(file('index.txt'), '');
  writeFileSync(
    file('ca.conf'),
    '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n'
  );
  return {
    ca: readFileSync(file('ca.pem'), 'utf8'),
    caFile: file('ca.pem'),
    issue(name, { names = 'DNS:localhost,IP:127.0.0.1', valid, usage = 'serverAuth' } = {}) {
      openssl('req', ...keyPair, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      writeFileSync(file(`${name}.ext`), `subjectAltName=${names}\nextendedKeyUsage=${usage}\n`);
      const dates = valid === undefined ? ['-days', '2'] : ['-startdate', valid[0], '-enddate', valid[1]];
      openssl(
        ...[
          'ca',
          '-batch',
          '-config',
          'ca.conf',
          '-keyfile',
          'ca.key',
          '-cert',
          'ca.pem',
          '-notext',
          '-in',
          `${name}.csr`,
        ],
        ...['-out', `${name}.pem`, '-extfile', `${name}.ext`, ...dates]
      );
      const [certFile, keyFile] = [file(`${name}.pem`), file(`${name}.key`)];
      return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    },
    certify(publicKey) {
      writeFileSync(file('public.pem'), publicKey);
      const subject = ['-new', '-force_pubkey', 'public.pem', '-subj', '/CN=certified', '-days', '1'];
      openssl('x509', ...subject, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-out', 'certified.pem');
      return readFileSync(file('certified.pem'), 'utf8');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
