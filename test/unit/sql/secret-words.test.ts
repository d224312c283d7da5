import { expect } from 'chai';
import { maskLiterals, type Dialect } from '../../../src/sql/index.js';

describe('secrets without quotes in a masked text', () => {
  const masked: readonly (readonly [Dialect, string, string])[] = [
    [
      'oracle',
      'alter user x identified by S3cretP@ss; select * from c',
      'alter user x identified by ?; select * from c',
    ],
    ['oracle', 'alter user x identified by "S3 cret" replace old#1', 'alter user x identified by ? replace ?'],
    ['oracle', "alter user x identified by values 'S:12'", 'alter user x identified by values ?'],
    [
      'oracle',
      "create database link l connect to u identified by t1 using 'd'",
      'create database link l connect to u identified by ? using ?',
    ],
    ['oracle', 'set role r identified by s1, s identified by s2', 'set role r identified by ?, s identified by ?'],
    [
      'oracle',
      'administer key management set keystore open identified by pw container = all',
      'administer key management set keystore open identified by ? container = all',
    ],
    [
      'oracle',
      'alter table t modify (c encrypt identified by p1 no salt)',
      'alter table t modify (c encrypt identified by ? no salt)',
    ],
    ['oracle', 'create user x identified externally', 'create user x identified externally'],
    [
      'mysql',
      "alter user a identified with sha by 'x' password expire",
      'alter user a identified with sha by ? password expire',
    ],
    ['tsql', 'CREATE LOGIN x WITH PASSWORD = "abc", SID = 0x1', 'CREATE LOGIN x WITH PASSWORD = ?, SID = ?'],
    ['tsql', 'EXEC sp_addlogin bob, s3cret; select a from b', 'EXEC sp_addlogin ?, ?; select a from b'],
    [
      'ansi',
      'CREATE USER u AS PERM = 0, PASSWORD = s3cret, SPOOL = 1',
      'CREATE USER u AS PERM = ?, PASSWORD = ?, SPOOL = ?',
    ],
    ['ansi', 'MODIFY USER u AS PASSWORD = (s3cret)', 'MODIFY USER u AS PASSWORD = (?)'],
    [
      'ansi',
      'CREATE USER u PASSWORD Secret1 NO X; CONNECT u PASSWORD "Secret1"',
      'CREATE USER u PASSWORD ? NO X; CONNECT u PASSWORD ?',
    ],
    ['redshift', 'ALTER USER u PASSWORD DISABLE', 'ALTER USER u PASSWORD DISABLE'],
    [
      'snowflake',
      "CREATE STAGE s CREDENTIALS = (AWS_KEY_ID = 'a' AWS_SECRET_KEY = $$b$$)",
      'CREATE STAGE s CREDENTIALS = (AWS_KEY_ID = ? AWS_SECRET_KEY = ?)',
    ],
    [
      'snowflake',
      "COPY INTO t FROM 's3://b' CREDENTIALS=(AWS_KEY_ID=k AWS_SECRET_KEY=s) ENCRYPTION=(MASTER_KEY=m) PATTERN=p",
      'COPY INTO t FROM ? CREDENTIALS=(AWS_KEY_ID=? AWS_SECRET_KEY=?) ENCRYPTION=(MASTER_KEY=?) PATTERN=p',
    ],
    [
      'databricks',
      "COPY INTO t FROM 's3://b' WITH (CREDENTIAL (AWS_ACCESS_KEY = a, AWS_SESSION_TOKEN = b)) FILEFORMAT = CSV",
      'COPY INTO t FROM ? WITH (CREDENTIAL (AWS_ACCESS_KEY = ?, AWS_SESSION_TOKEN = ?)) FILEFORMAT = CSV',
    ],
    ...[
      'SELECT o.id FROM orders o JOIN items i ON o.master_key = i.master_key AND o.aws_token = i.x',
      'CREATE TABLE t AS SELECT a.x FROM a JOIN b ON (master_key = b.x) AND (secret = a.x) WHERE aws_key_id = y',
      'CREATE VIEW v AS SELECT id, secret, key FROM orders WHERE credentials = (SELECT password FROM p)',
      'CREATE TABLE credentials (id int, secret int, token int)',
      'UPDATE t SET master_key = s.master_key, aws_secret_key = s.k FROM s',
    ].map((sql): [Dialect, string, string] => ['snowflake', sql, sql]),
    ...['UNLOAD (SELECT id, session_token FROM t) TO x', 'COPY t (id, secret_access_key) FROM y'].map(
      (sql): [Dialect, string, string] => ['redshift', sql, sql]
    ),
    ['tsql', 'EXEC dbo.p_login @user=u, @password=S3cretPw', 'EXEC dbo.p_login @user=u, @password=?'],
    ['tsql', 'EXEC p @api_key = @k, @token = NULL, @x = y', 'EXEC p @api_key = @k, @token = NULL, @x = y'],
    ['tsql', 'SELECT @password = pw FROM t', 'SELECT @password = pw FROM t'],
    [
      'oracle',
      'GRANT CONNECT, RESOURCE TO x, y IDENTIFIED BY a1, b2',
      'GRANT CONNECT, RESOURCE TO x, y IDENTIFIED BY ?, ?',
    ],
    ['postgres', 'SET myapp.api_key TO S3cretPw; SET search_path TO s', 'SET myapp.api_key TO ?; SET search_path TO s'],
    ['sqlite', 'PRAGMA key = S3cretPw; PRAGMA foreign_keys = ON', 'PRAGMA key = ?; PRAGMA foreign_keys = ON'],
    [
      'duckdb',
      'CREATE SECRET s (TYPE S3, KEY_ID AKIA1, SECRET S3cretPw, REGION eu)',
      'CREATE SECRET s (TYPE S3, KEY_ID ?, SECRET ?, REGION eu)',
    ],
    ['sparksql', 'SET fs.s3a.secret.key=abc/def+gh==; select a from t', 'SET fs.s3a.secret.key=?; select a from t'],
    ['sparksql', 'SET spark.hadoop.fs.azure.account.key.x.net=KEY==', 'SET spark.hadoop.fs.azure.account.key.x.net=?'],
  ];
  for (const [dialect, sql, expected] of masked)
    it(`is a question mark (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });

  it('leaves columns of such names', () => {
    for (const sql of [
      'SELECT a.password FROM a JOIN b ON a.password = b.password WHERE a.token = b.token',
      'UPDATE users SET password = new_password, token = x WHERE id = y',
      'CREATE TABLE t AS SELECT * FROM a WHERE a.token = b.token',
      'CREATE TABLE t (password text, token text CHECK (token = lower(token)))',
      'INSERT INTO u (password, secret) SELECT password, secret FROM o WHERE o.key = x',
    ])
      expect(maskLiterals(sql, 'postgres')).to.equal(sql);
  });
});

describe('numbers of names in a masked text', () => {
  it('stay, as two such names are two tables', () => {
    const sql = 'SELECT * FROM my-proj-123.s.a JOIN my-proj-2024-05.s.b ON x.id = y.id AND x.v-5-y.w = 5';
    expect(maskLiterals(sql, 'bigquery')).to.equal(sql.replace('v-5-', 'v-?-').replace(/5$/, '?'));
    expect(maskLiterals('SELECT 1.5 FROM s.2024 WHERE a = .5', 'hive')).to.equal('SELECT ? FROM s.2024 WHERE a = ?');
  });
});
