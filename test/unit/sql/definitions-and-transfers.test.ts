import { expect } from 'chai';
import { shape } from './lineage-shape.js';

describe('Lineage of definitions', () => {
  it('uses the column list of a view', () => {
    expect(
      shape(
        "CREATE OR REPLACE SECURE VIEW m.v (k COMMENT 'key', n) COPY GRANTS AS SELECT c.id, c.name FROM crm.c",
        'snowflake'
      ).columns
    ).to.deep.equal(['crm.c.id > m.v.k', 'crm.c.name > m.v.n']);
  });

  it('finds the query after table options, with and without AS', () => {
    expect(shape('CREATE TABLE a ENGINE=InnoDB SELECT id FROM b', 'mysql')).to.deep.equal({
      sources: ['b'],
      targets: ['a'],
      columns: ['b.id > a.id'],
    });
    expect(shape('CREATE TABLE a CLUSTER BY (d) COPY GRANTS AS SELECT d FROM b', 'snowflake').columns).to.deep.equal([
      'b.d > a.d',
    ]);
    expect(shape('CREATE VIEW a AS SELECT id FROM b WITH NO SCHEMA BINDING', 'redshift').columns).to.deep.equal([
      'b.id > a.id',
    ]);
  });

  it('takes CLONE, LIKE, SWAP, EXCHANGE PARTITION and streams as one table feeding another', () => {
    const tables = (sql: string, dialect: 'snowflake' | 'mysql' | 'hive'): string => {
      const { sources, targets } = shape(sql, dialect);
      return `${sources.join()} > ${targets.join()}`;
    };
    expect(tables('CREATE TABLE a CLONE b AT (OFFSET => -60)', 'snowflake')).to.equal('b > a');
    expect(tables('CREATE TABLE IF NOT EXISTS a LIKE b', 'mysql')).to.equal('b > a');
    expect(tables('ALTER TABLE a SWAP WITH b', 'snowflake')).to.equal('b > a');
    expect(tables("ALTER TABLE a EXCHANGE PARTITION (p = '0') WITH TABLE b", 'hive')).to.equal('b > a');
    expect(tables('CREATE STREAM a ON TABLE b', 'snowflake')).to.equal('b > a');
  });

  it('does not take WITH SCHEMABINDING for a CTE', () => {
    expect(shape('CREATE VIEW dbo.v WITH SCHEMABINDING AS SELECT a FROM dbo.t', 'tsql').columns).to.deep.equal([
      'dbo.t.a > dbo.v.a',
    ]);
  });

  it('reads a task’s statement', () => {
    expect(shape('CREATE TASK t WAREHOUSE = w AS INSERT INTO a SELECT id FROM b', 'snowflake').columns).to.deep.equal([
      'b.id > a.id',
    ]);
  });
});

describe('Lineage from and to files', () => {
  it('marks files, stages and buckets as paths', () => {
    expect(shape("LOAD DATA LOCAL INFILE '/in.csv' INTO TABLE s.t FIELDS TERMINATED BY ','", 'mysql')).to.deep.include({
      sources: ['path:/in.csv'],
      targets: ['s.t'],
    });
    expect(shape("COPY INTO s.t FROM 's3://b/x/' PATTERN = '.*csv'", 'snowflake')).to.deep.include({
      sources: ['path:s3://b/x/'],
      targets: ['s.t'],
    });
    expect(shape('COPY INTO s.t (a) FROM (SELECT $1 FROM @st/f.csv.gz t)', 'snowflake')).to.deep.include({
      sources: ['path:@st/f.csv.gz'],
      targets: ['s.t'],
      columns: [],
    });
    expect(shape('COPY INTO @st/out/ FROM s.t', 'snowflake')).to.deep.include({
      sources: ['s.t'],
      targets: ['path:@st/out/'],
    });
    expect(shape("UNLOAD ('select * from s.t') TO 's3://b/o' IAM_ROLE 'r'", 'redshift')).to.deep.include({
      sources: ['s.t'],
      targets: ['path:s3://b/o'],
    });
    expect(shape("INSERT OVERWRITE DIRECTORY 'hdfs://o' SELECT * FROM s.t", 'hive')).to.deep.include({
      sources: ['s.t'],
      targets: ['path:hdfs://o'],
    });
    expect(shape('SELECT * FROM parquet.`dir/`', 'sparksql').sources).to.deep.equal(['path:dir/']);
  });
});
