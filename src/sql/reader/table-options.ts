import type { Cursor } from './cursor.js';
import { NOT_RELATION_ALIAS } from './keywords.js';
import { isName } from './names.js';
import { endOfTimeTravel } from './time-travel.js';

/** Steps over time travel, partitions, samples, index hints and the like. */
export function skipTableOptions(cursor: Cursor): void {
  for (;;) {
    if (
      cursor.sees('for', 'system_time') ||
      /^(version|timestamp|system_version)$/.test(cursor.sees('for') ? cursor.peek(1).word : '')
    ) {
      cursor.at = endOfTimeTravel(cursor, cursor.at + 2);
    } else if (cursor.sees('version', 'as', 'of') || cursor.sees('timestamp', 'as', 'of') || cursor.sees('as', 'of')) {
      cursor.at = endOfTimeTravel(cursor, cursor.at + (cursor.sees('as') ? 0 : 1));
    } else if (cursor.sees('versions', 'between')) cursor.at = endOfTimeTravel(cursor, cursor.at + 1);
    else if (cursor.sees('for', 'portion', 'of')) cursor.at = endOfTimeTravel(cursor, cursor.at + 4);
    else if (cursor.sees('with', 'offset')) {
      cursor.at += 2;
      cursor.take('as');
      if (isName(cursor.peek()) && !cursor.seesAny(NOT_RELATION_ALIAS)) cursor.next();
    } else if (cursor.sees('with', 'ordinality')) cursor.at += 2;
    else if (
      /^(at|before|changes|partition|subpartition|with|end)$/.test(cursor.peek().word) &&
      cursor.peek(1).word === '('
    ) {
      if (cursor.sees('end')) return;
      const isChanges = cursor.sees('changes');
      cursor.next();
      cursor.skipGroup();
      if (isChanges) skipSpan(cursor);
    } else if (
      /^(sub)?partition$/.test(cursor.peek().word) &&
      cursor.peek(1).word === 'for' &&
      cursor.peek(2).word === '('
    ) {
      // Oracle's `PARTITION FOR (value)`
      cursor.at += 2;
      cursor.skipGroup();
    } else if (cursor.sees('tablesample') || cursor.sees('sample')) skipSample(cursor);
    else if (/^(use|force|ignore)$/.test(cursor.peek().word) && /^(index|key)$/.test(cursor.peek(1).word)) {
      skipIndexHints(cursor);
    } else if (cursor.dialect === 'sqlite' && cursor.sees('indexed', 'by')) cursor.at += 3;
    else if (cursor.dialect === 'sqlite' && cursor.sees('not', 'indexed')) cursor.at += 2;
    else if (cursor.sees('final') && !cursor.sees('final', '.')) cursor.next();
    else if (cursor.dialect === 'clickhouse' && cursor.sees('on', 'cluster')) cursor.at += 3;
    else return;
  }
}

/** Of Snowflake's `CHANGES (INFORMATION => DEFAULT) AT (…) END (…)`. */
function skipSpan(cursor: Cursor): void {
  if (!/^(?:at|before)$/.test(cursor.peek().word) || cursor.peek(1).word !== '(') return;
  cursor.at = cursor.closeOf(cursor.at + 1) + 1;
  if (cursor.sees('end', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
}

/** MySQL's `USE INDEX (a), IGNORE KEY FOR ORDER BY (b)`. */
function skipIndexHints(cursor: Cursor): void {
  cursor.at += 2;
  if (cursor.take('for') && !cursor.take('join')) cursor.at += 2;
  if (cursor.sees('(')) cursor.skipGroup();
  if (!cursor.sees(',')) return;
  const isMore = /^(use|force|ignore)$/.test(cursor.peek(1).word) && /^(index|key)$/.test(cursor.peek(2).word);
  if (isMore && /^(\(|for)$/.test(cursor.peek(3).word)) cursor.next();
}

function skipRatio(cursor: Cursor): void {
  if (cursor.peek().kind === 'number') cursor.next();
  if (cursor.sees('/') && cursor.peek(1).kind === 'number') cursor.at += 2;
}

function skipSample(cursor: Cursor): void {
  cursor.next();
  while (/^(system|bernoulli|row|block|reservoir)$/.test(cursor.peek().word)) cursor.next();
  if (!cursor.skipGroup()) {
    // ClickHouse's `SAMPLE 1/10 OFFSET 1/2`
    skipRatio(cursor);
    if (cursor.sees('offset') && cursor.peek(2).word === '/') {
      cursor.next();
      skipRatio(cursor);
    }
  }
  while (/^(seed|repeatable)$/.test(cursor.peek().word)) {
    cursor.next();
    cursor.skipGroup();
  }
}
