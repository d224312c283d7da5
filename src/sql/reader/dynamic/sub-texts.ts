import type { Statement } from '../../statement-tree.js';
import type { Query } from '../../tree.js';
import { Cursor } from '../cursor.js';
import { tokenize } from '../lexer.js';
import { withoutOwnForms } from '../own-forms.js';
import { withQuotedNames } from '../quoted-names.js';
import type { Token } from '../token.js';
import { joinsNulls } from './joined-nulls.js';
import { writtenText } from './written-text.js';
import { readQuery, startsQuery } from '../queries.js';
import { readScript } from '../scripts.js';
import { hasPiece, UNKNOWN_PARTS } from './piece.js';
import { changesReading } from './piece-places.js';

/** SQL inside a string literal of SQL: dynamic statements, procedure bodies, UNLOAD. Nested at most this deep. */
const MAX_NESTING = 4;

function open(cursor: Cursor, text: string): Cursor | undefined {
  cursor.usesLiterals = true;
  if (cursor.nesting >= MAX_NESTING) return undefined;
  const traits = withQuotedNames(text, cursor.traits);
  const inner = new Cursor(withoutOwnForms(tokenize(text, traits), cursor.dialect), cursor.dialect, traits);
  inner.nesting = cursor.nesting + 1;
  inner.inBody = cursor.inBody;
  inner.joinsNulls = joinsNulls(cursor, cursor.at);
  return inner;
}

function textOf(cursor: Cursor, token: Token): string {
  return writtenText(cursor.sql, token, cursor.traits).text;
}

export function queryInText(cursor: Cursor, literal: Token): Query | undefined {
  const text = textOf(cursor, literal);
  const inner = open(cursor, text);
  if (inner === undefined || !startsQuery(inner, 0)) return undefined;
  const query = readQuery(inner);
  passDoubts(cursor, inner, text);
  return query;
}

export function statementsInText(cursor: Cursor, literal: Token): readonly Statement[] {
  return statementsOf(cursor, textOf(cursor, literal));
}

export function statementsOf(cursor: Cursor, text: string): readonly Statement[] {
  const inner = open(cursor, text);
  if (inner === undefined) return [];
  inner.inBody = true;
  const statements = readScript(inner);
  passDoubts(cursor, inner, text);
  return statements.flatMap((statement) => (isBlock(statement) ? statement.statements : [statement]));
}

/** What is not known of a text makes it look wrong. */
function passDoubts(cursor: Cursor, inner: Cursor, text: string): void {
  if (!hasPiece(text)) for (const doubt of inner.doubts) cursor.doubt(doubt);
  else if (inner.doubts.length > 0 || changesReading(inner)) cursor.doubt(UNKNOWN_PARTS);
}

/** A body that runs where it stands, as if its statements stood there. */
function isBlock(statement: Statement): statement is Extract<Statement, { kind: 'body' }> {
  if (statement.kind !== 'body') return false;
  const isWhole = statement.isApart !== true && statement.others === undefined;
  return statement.stored !== true && statement.trigger === undefined && isWhole;
}
