import { expect } from 'chai';
import { edited, read } from './recipe-fixture.js';

const CONNECTION = /type: mysql[\s\S]*?(?=\n {2}sourceConfig)/;
const postgres = (rest: string): string =>
  edited('type: mysql', 'type: mysql').replace(
    CONNECTION,
    `type: postgres
  serviceName: shop
  serviceConnection:
    config: {type: Postgres, username: u, database: d, hostPort: 'h:1', ${rest}}`
  );
const warnings = (rest: string): readonly string[] => read(postgres(rest)).warnings;

describe('Keys of a connection that have no effect beside its others', () => {
  it('are warned of: the certificates of PostgreSQL without TLS', () => {
    const given = "authType: {password: '${P}'}, sslConfig: {caCertificate: '${CA}'}";
    expect(warnings(given)).to.have.length(1);
    expect(warnings(given)[0]).to.match(/config\.sslConfig: has no effect: sslMode is `disable`.*verify-full/);
    expect(warnings(`${given}, sslMode: verify-full`)).to.deep.equal([]);
    expect(warnings(`${given}, connectionArguments: {sslmode: require}`)).to.deep.equal([]);
  });

  it('are warned of: patterns of the form in the UI', () => {
    expect(warnings("schemaFilterPattern: {includes: [a]}, authType: {password: '${P}'}").join()).to.match(
      /config\.schemaFilterPattern: has no effect: it fills the form/
    );
  });
});
