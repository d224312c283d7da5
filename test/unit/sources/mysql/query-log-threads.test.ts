import { expect } from 'chai';
import { ThreadSchemas } from '../../../../src/sources/mysql/query-log-threads.js';

const MARIADB = { server: { isMariaDb: true, version: 101_119 } } as const;

/** The schema of thread 1 after rows of a log, as a MariaDB 10.11 wrote them; the server has all but `none`. */
function after(...rows: readonly (readonly [command: string, body: string])[]): string | undefined {
  const threads = new ThreadSchemas((schema) => schema === 'none');
  for (const [command, body] of [['Connect', 'om@localhost on gq using TCP/IP'] as const, ...rows])
    threads.follow('1', command, body, MARIADB);
  return threads.schemaOf('1');
}

const denied = (schema: string) => ['Init DB', `Access denied for user 'lim'@'%' to database '${schema}'`] as const;

describe('the schema of a thread in a general log', () => {
  it('is the one that the last USE or change of user chose', () => {
    expect(after()).to.equal('gq');
    expect(after(['Query', 'USE gr'])).to.equal('gr');
    expect(after(['Init DB', 'gr'])).to.equal('gr');
    expect(after(['Execute', 'use gr'])).to.equal('gr');
    expect(after(['Change user', 'om@localhost on gr using TCP/IP'])).to.equal('gr');
    expect(after(['Change user', 'om@localhost on '])).to.equal('');
    expect(after(['Query', '/*M!100100 USE gr */'])).to.equal('gr');
    expect(after(['Query', '/*!80000 USE gr */'])).to.equal('gq');
    expect(after(['Query', 'SET STATEMENT max_statement_time=1 FOR USE gr'])).to.equal('gr');
  });

  it('is known to be none only where the log has the login', () => {
    const threads = new ThreadSchemas();
    expect(threads.schemaOf('2')).to.equal(undefined);
    threads.follow('2', 'Connect', 'om@localhost on  using TCP/IP');
    expect(threads.schemaOf('2')).to.equal('');
    threads.follow('2', 'Query', 'use gr');
    expect(threads.schemaOf('2')).to.equal('gr');
    threads.follow('2', 'Connect', "Access denied for user 'om'@'localhost' (using password: YES)");
    expect(threads.schemaOf('2')).to.equal(undefined);
  });

  it('stays where the server lacks the schema', () => {
    expect(after(['Query', 'use none'])).to.equal('gq');
    expect(after(['Change user', 'om@localhost on none using TCP/IP'])).to.equal('gq');
    expect(after(['Init DB', 'none'])).to.equal('none');
    expect(after(['Query', 'use gr; use none; use gs'])).to.equal('gr');
    expect(after(['Query', 'select 1; use none; use gr'])).to.equal('gq');
  });

  it('is put back by a row that says that the access was denied', () => {
    expect(after(['Query', 'use gr'], denied('gr'))).to.equal('gq');
    expect(after(['Query', 'use gs; use gr; select 1'], denied('gr'))).to.equal('gs');
    expect(after(denied('gr'))).to.equal('gq');
    expect(after(['Query', 'use gs'], denied('gr'))).to.equal('gs');
    expect(after(['Change user', 'om@localhost on '], ['Query', 'use gr'], denied('gr'))).to.equal('');
    expect(after(['Query', 'use gr'], denied('gr'), ['Query', 'use gs'], denied('gs'))).to.equal('gq');
  });
});
