import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import { readRowChanges } from '../../../../src/sources/snowflake/history/row-changes.js';
import type { Session, Statement } from '../../../../src/sources/snowflake/session/session.js';

describe('What changed rows of Snowflake', () => {
  const read = async (refused: string): Promise<{ lacksSome: boolean | undefined; warnings: readonly string[] }> => {
    const stream = async function* ({ sql }: Statement): AsyncGenerator<never> {
      if (sql.includes(refused)) throw new PermanentError('no such view');
      yield* [];
    };
    const warnings: string[] = [];
    const changes = await readRowChanges({
      ...{ session: { stream } as unknown as Session, accountUsageSchema: 'SNOWFLAKE.ACCOUNT_USAGE' },
      ...{ useAccessHistory: true, window: { from: 0, to: 1, log: '' }, onWarning: (line) => void warnings.push(line) },
    });
    return { lacksSome: changes.lacksSome, warnings };
  };

  it('lacks some where a view can not be read, so that the next run reaches back as far', async () => {
    for (const view of ['.QUERY_HISTORY', '.DYNAMIC_TABLE_REFRESH_HISTORY']) {
      const { lacksSome, warnings } = await read(view);
      expect(lacksSome, view).to.equal(true);
      expect(warnings).to.have.length(1);
    }
    expect(await read('.ACCESS_HISTORY'), 'the texts say the same').to.deep.equal({ lacksSome: false, warnings: [] });
  });
});
