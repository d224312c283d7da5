import type { Statement } from '../../statement-tree.js';
import { handedPlace, handedTexts, procedureAt, type CalledProcedure } from './called-procedures.js';
import type { Cursor } from '../cursor.js';
import { hasPiece, PIECE, UNKNOWN_PARTS } from './piece.js';
import { placeOfRun } from './run-places.js';
import { bodyOf, mayBeAnySql, mayBeSql, statementsRun } from './run-texts.js';
import { skipStatement } from '../quiet-statements.js';
import type { Runner } from './text-runners.js';

/** Oracle's `dbms_sql.parse(c, '…', …)`, Teradata's `CALL DBC.SysExecSQL('…')`; `undefined` for all other calls. */
export function calledSql(cursor: Cursor): Statement | undefined {
  const called = procedureAt(cursor, cursor.sees('call') ? cursor.at + 1 : cursor.at);
  if (called?.runner === undefined || called.isElsewhere) return undefined;
  cursor.usesLiterals = true;
  return handedSql(cursor, called, called.runner);
}

/** Of a procedure that runs what it is handed. */
export function handedSql(cursor: Cursor, called: CalledProcedure, runner: Runner): Statement {
  const { at } = called;
  const texts = handedTexts(cursor, at, runner);
  const named = called.place ?? placeOfRun(cursor, at);
  const place = runner.database === undefined ? named : handedPlace(cursor, at, runner);
  const statements = texts.flatMap((text) => {
    if (!mayBeSql(text)) {
      if (mayBeAnySql(text)) cursor.doubt(UNKNOWN_PARTS);
      return [];
    }
    return runner.each === undefined ? statementsRun(cursor, text) : statementsOfEach(cursor, text, runner.each);
  });
  const call = callOf(cursor);
  if (statements.length === 0) return call;
  if (place?.kind === 'use' && place.name.some(({ text }) => hasPiece(text))) cursor.doubt(UNKNOWN_PARTS);
  return bodyOf(cursor, place === undefined ? statements : [place, ...statements]);
}

/** Steps over a call. */
export function callOf(cursor: Cursor): Statement {
  const verb = cursor.next().word;
  skipStatement(cursor, () => cursor.traits.optionalSemicolon && cursor.sees('execute'));
  return { kind: 'other', verb };
}

/** `EXEC sp_MSforeachtable 'TRUNCATE TABLE ?'` names all tables: there is nothing that is not understood. */
function statementsOfEach(cursor: Cursor, text: string, each: 'table' | 'database'): readonly Statement[] {
  // there, names without a database are those of each
  if (each === 'database' && OF_EACH_DATABASE.test(text)) return [];
  const doubts = [...cursor.doubts];
  const statements = statementsRun(cursor, text.replaceAll('?', PIECE));
  cursor.doubts.splice(0, cursor.doubts.length, ...doubts);
  return statements;
}

const OF_EACH_DATABASE = /\buse\s*["[]?\?/i;
