import { findSource } from '../../../src/sources/index.js';
import { describeMetadataSource, type SourceHarness } from '../../conformance/metadata-source.js';
import { startFakesnow } from '../../services/fakesnow.js';
import { emulatedConnection } from './snowflake-emulated.js';

describeMetadataSource('Snowflake connector', async (): Promise<SourceHarness> => {
  const fakesnow = await startFakesnow();
  await fakesnow.seed();
  // Names that JavaScript and the server would sort differently if either took no care.
  await fakesnow.execute('CREATE TABLE FINANCE.LEDGER."zebra" (ID NUMBER(38,0))');
  await fakesnow.execute('CREATE TABLE FINANCE.LEDGER."ä ö" (ID NUMBER(38,0))');
  await fakesnow.execute('CREATE TABLE FINANCE.LEDGER."😀" (ID NUMBER(38,0))');
  await fakesnow.execute('CREATE TABLE FINANCE.LEDGER."\uffee" (ID NUMBER(38,0))');
  const spec = findSource('snowflake');
  const config = emulatedConnection(fakesnow, { database: 'FINANCE' });
  let made = 0;
  return {
    open: (context) => spec.openMetadata(config, context),
    check: (context, options) => spec.check(config, context, options),
    schema: { database: 'FINANCE', schema: 'LEDGER' },
    tableName: 'JOURNAL',
    viewName: 'V_BALANCE',
    procedureName: 'POST_ORDERS',
    makeTables: async (count) => {
      made += 1;
      const schema = `MADE_${made}`;
      await fakesnow.execute(`CREATE SCHEMA FINANCE.${schema}`);
      for (let index = 0; index < count; index += 1) {
        await fakesnow.execute(`CREATE TABLE FINANCE.${schema}.T${index} (ID NUMBER(38,0) PRIMARY KEY)`);
      }
      return {
        ref: { database: 'FINANCE', schema },
        open: (context) => spec.openMetadata(config, context),
        drop: async (table) => void (await fakesnow.execute(`DROP TABLE FINANCE.${schema}."${table}"`)),
      };
    },
    stop: () => fakesnow.stop(),
  };
});
