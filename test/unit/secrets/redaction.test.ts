import { expect } from 'chai';
import { LoaderSettings } from '../../../src/secrets/managers/loader-settings.js';
import { Redactor } from '../../../src/secrets/redaction.js';
import { forgetSecret, redact, redactAndCut, redactValues, registerSecret } from '../../../src/secrets/index.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const registered: string[] = [];
const register = (secret: string): void => {
  registered.push(secret);
  registerSecret(secret);
};
describe('redaction', () => {
  // the files after this one in its process say such words too
  afterEach(() => registered.splice(0).forEach(forgetSecret));

  it('masks every occurrence of every registered value', () => {
    register('first-hunter2');
    register('second-hunter2');
    expect(redact('first-hunter2, second-hunter2, first-hunter2')).to.equal('***, ***, ***');
  });

  it('masks a value in any case, as servers quote what they fold', () => {
    register('Fold-Hunter2');
    expect(redact('unknown FOLD-HUNTER2 and fold-hunter2')).to.equal('unknown *** and ***');
  });

  describe('of names that a recipe gives', () => {
    const redactor = new Redactor(10);
    for (const secret of ['snow', 'shop_snowflake-token-1234', 'metadata']) redactor.register(secret);
    for (const name of ['shop_snowflake', 'shop_snowflake.metadata', 'om-shop_snowflake.metadata'])
      redactor.protect(name);
    const cases: readonly (readonly [text: string, shown: string])[] = [
      ['shop_snowflake refused snow and SNOW', 'shop_snowflake refused *** and ***'],
      ['om-shop_snowflake.metadata is running', 'om-shop_snowflake.metadata is running'],
      ['no table shop_snowflake.db."a snow".snow_facts', 'no table shop_snowflake.db."a snow".snow_facts'],
      ['snow_facts of my_shop_snowflake', '***_facts of my_shop_***flake'],
      ['shop_snowflake2 is no name of ours', 'shop_***flake2 is no name of ours'],
      ['shop_snowflake-token-1234', '***'],
      ['key shop_snowflake.shop_snowflake-token-1234', 'key shop_snowflake.***'],
    ];
    for (const [text, shown] of cases)
      it(`keeps them whole and nothing else: ${text}`, () => expect(redactor.redact(text)).to.equal(shown));
  });

  it('keeps words of its own messages whole, but for a secret that is such a word', () => {
    const redactor = new Redactor(10);
    for (const word of ['Snowflake', 'SQLite']) redactor.protectWord(word);
    for (const secret of ['snow', 'sqlite']) redactor.register(secret);
    expect(redactor.redact('Snowflake refuses snow; SQLite')).to.equal('Snowflake refuses ***; ***');
    expect(redactor.redact('SNOWFLAKE.snow Snowflakes')).to.equal('SNOWFLAKE.*** ***flakes');
  });

  it('of a document leaves its keys, its names and what is no text', () => {
    register('state');
    const report = { state: 'success', workflow: 'state', notes: ['a state of 4'], counts: { state: 4 }, none: null };
    expect(redactValues(report, new Set(['workflow']))).to.deep.equal({ ...report, notes: ['a *** of 4'] });
  });

  it('goes on with names and secrets of any length and number', () => {
    const redactor = new Redactor(2_000);
    redactor.protect('x'.repeat(100 * 1024));
    for (let index = 0; index < 20; index += 1) {
      redactor.protect(`${index}`.padEnd(1_000, '-a'));
      redactor.register(`${index}`.padEnd(5_000, '.b'));
    }
    redactor.register('hunter2');
    expect(redactor.redact(`hunter2 ${'19'.padEnd(5_000, '.b')} 7`)).to.equal('*** *** 7');
  });

  it('leaves a text without secrets as it is', () => {
    expect(redact('Access denied for user om@localhost')).to.equal('Access denied for user om@localhost');
  });

  it('masks the longest value first, so that no rest of it stays', () => {
    register('overlap');
    register('overlap-hunter2');
    expect(redact('overlap-hunter2 overlap')).to.equal('*** ***');
  });

  it('takes signs of patterns literally', () => {
    register('a.*(b)[c]|d$^\\');
    expect(redact('is a.*(b)[c]|d$^\\ here, axx(b) not')).to.equal('is *** here, axx(b) not');
  });

  const value = "p@ss w/rd+é!'%";
  const forms: readonly (readonly [name: string, text: string])[] = [
    ['as it is', value],
    ['in a URL', encodeURIComponent(value)],
    ['in a URL by the stricter rule', encodeURIComponent(value).replaceAll('!', '%21').replaceAll("'", '%27')],
    ['in a form, where + is a space', encodeURIComponent(value).replaceAll('%20', '+')],
    ['in base64', base64(value)],
    ['in base64 without padding', base64(value).replace(/=+$/, '')],
    ['in base64 of URLs', Buffer.from(value).toString('base64url')],
  ];
  for (const [name, text] of forms) {
    it(`masks a value ${name}`, () => {
      register(value);
      expect(redact(`<${text}>`)).to.equal('<***>');
    });
  }

  const quoted: readonly (readonly [where: string, value: string, text: string])[] = [
    ['in a statement, whose quotes are doubled', `it's "my" word`, `it''s "my" word`],
    ['in a statement, whose quotes have a backslash', `it's "my" word`, String.raw`it\'s "my" word`],
    ['between double quotes of a statement', `it's "my" word`, `it's ""my"" word`],
    ['in a statement with its quotes and line end escaped', `it's\\a\nword`, String.raw`it\'s\\a\nword`],
    ['on an error page', `it's <my> "word"`, 'it&#39;s &lt;my&gt; &quot;word&quot;'],
    ['on an error page, by another name of the apostrophe', `it's &co`, 'it&#x27;s &amp;co'],
    ['in ASCII JSON, as Python writes it', 'wörd🔑', String.raw`w\u00f6rd\ud83d\udd11`],
    ['in JSON within JSON', 'my "word"', String.raw`my \\\"word\\\"`],
    ['on one line', 'first-word\nsecond', 'first-word second'],
    ['with the line ends of Windows', 'first-word\nsecond', 'first-word\r\nsecond'],
    ['as the bytes of a packet', 'snöw', '736ec3b677'],
    ['as the bytes of a packet in Latin 1, in capitals', 'snöw', '736EF677'],
    ['as a Buffer that is printed', 'snow', '73 6e 6f 77'],
    ['as a Buffer in JSON', 'snow', '115,110,111,119'],
    ['in base64 of Latin 1, as old clients log in', 'wörd-é', Buffer.from('wörd-é', 'latin1').toString('base64')],
    ['in UTF-8 that was read as Latin 1', 'wörd-é', 'wÃ¶rd-Ã©'],
    ['in UTF-8 that was read as Western by Windows', 'wörd-€', 'wÃ¶rd-â‚¬'],
    ['in Latin 1 that was read as UTF-8', 'wörd-é', 'w\ufffdrd-\ufffd'],
    ['with its accents apart', 'wörd-é'.normalize('NFC'), 'wörd-é'.normalize('NFD')],
  ];
  for (const [where, secret, text] of quoted) {
    it(`masks a value ${where}`, () => {
      register(secret);
      expect(redact(`<${text}>`)).to.equal('<***>');
    });
  }

  it('leaves texts that could not be read, and names with the bytes of a short password', () => {
    const redactor = new Redactor(10);
    for (const secret of ['äöüß', 'snow']) redactor.register(secret);
    redactor.protect('run_736e6f77');
    expect(redactor.redact('\ufffd\ufffd\ufffd\ufffd of run_736e6f77, 736e6f77')).to.equal(
      '\ufffd\ufffd\ufffd\ufffd of run_736e6f77, ***'
    );
  });

  it('masks a value inside a longer base64 text, wherever it begins', () => {
    register('inner-hunter2-secret');
    for (const user of ['o', 'om', 'omx', 'omxy']) {
      const header = redact(`Basic ${base64(`${user}:inner-hunter2-secret:`)}`);
      expect(header).to.include('***');
      const rest = header
        .replace('Basic ', '')
        .split('***')
        .map((part) => Buffer.from(part, 'base64').toString('latin1'));
      expect(rest.join('')).not.to.match(/hunter|inner|secret/);
    }
  });

  it('masks a value escaped in JSON, and each long line of a key', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
    register(`-----BEGIN PRIVATE KEY-----\n${line}\nshort\n-----END PRIVATE KEY-----`);
    register('quote"back\\slash');
    expect(redact(`driver says ${line}`)).to.equal('driver says ***');
    expect(redact('-----BEGIN PRIVATE KEY----- short')).to.equal('-----BEGIN PRIVATE KEY----- short');
    expect(redact(JSON.stringify({ password: 'quote"back\\slash' }))).to.equal('{"password":"***"}');
  });

  it('does not register values shorter than four characters, which are ordinary words', () => {
    register('abc');
    register('');
    expect(redact('abc')).to.equal('abc');
  });

  it('masks what the worker logs in to a secret manager with, and not where that is', () => {
    const airflow = 'AIRFLOW__OPENMETADATA_SECRETS_MANAGER__';
    registered.push('azure-hunter2', 'aws-hunter2');
    const environment = { AZURE_CLIENT_SECRET: 'azure-hunter2', [`${airflow}AWS_SECRET_ACCESS_KEY`]: 'aws-hunter2' };
    new LoaderSettings('airflow', { ...environment, [`${airflow}AWS_REGION`]: 'eu-west-1' });
    expect(redact('azure-hunter2, aws-hunter2 in eu-west-1')).to.equal('***, *** in eu-west-1');
  });

  it('masks before it cuts, so that no half of a secret is missed', () => {
    register('cut-hunter2-cut');
    expect(redactAndCut('12345 cut-hunter2-cut', 10)).to.equal('12345 ***');
    expect(redactAndCut('a text that is too long', 10)).to.equal('a text th…');
  });

  it('masks a secret of any length, also where a text breaks off in the middle of it', () => {
    const long = Array.from({ length: 8_000 }, (_, n) => `key${n}`).join('/');
    register(long);
    expect(redact(`the key is ${long}, of a file`)).to.equal('the key is ***, of a file');
    expect(redact(`the key is ${long.slice(0, 20_000)}`)).to.equal('the key is ***');
    expect(redact(Buffer.from(long).toString('base64'))).to.equal('***');
    expect(redact([...Buffer.from(long)].join(','))).to.equal('***');
  });

  it('remembers a bounded number of values; registering one again renews it', () => {
    const redactor = new Redactor(3);
    for (const value of ['renewed', 'forgotten', 'third', 'renewed', 'fourth']) redactor.register(value);
    expect(redactor.redact('renewed forgotten third fourth')).to.equal('*** forgotten *** ***');
  });
});
