import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';

/** Tokens between a call and the start of its statement. */
const MOST_BACK = 200;
const STARTS: ReadonlySet<string> = new Set('; begin loop declare is'.split(' '));
/** In SQL no function is called that has OUT among its parameters. */
const SQL: ReadonlySet<string> = new Set('select insert update delete merge with execute open cursor'.split(' '));
/** In front of brackets that are no call's. */
const NO_CALLS: ReadonlySet<string> = new Set(
  `if elsif while when until in and or not return values exists any all some case then else loop between like using into exit is as
   table of range index by bulk collect forall for raise pragma`.split(/\s+/)
);
/** Oracle's own functions, which fill nothing that they are given. */
const READS = new RegExp(
  '^(?:sys\\.)?(?:(?:standard\\.)?(?:abs|ascii(?:str)?|bitand|cast|ceil|chr|coalesce|compose|concat|convert|count|decode|dump|exp|extract|' +
    'floor|greatest|hextoraw|initcap|instr[bc24]?|least|length[bc24]?|l?pad|rpad|ln|log|lower|ltrim|mod|months_between|nls_\\w+|' +
    'nullif|nvl2?|nchr|ora_hash|power|rawtohex|regexp_\\w+|remainder|replace|round|rtrim|sign|soundex|sqlerrm|sqrt|standard_hash|' +
    'substr[bc24]?|sys_context|sys_guid|to_\\w+|translate|trim|trunc|upper|userenv|utl_raw\\.\\w+|varchar2|number|char|raw|nvarchar2)|' +
    'dbms_assert\\.\\w+|dbms_lob\\.(?:getlength|substr|instr|compare|istemporary|isopen)|dbms_metadata\\.get_\\w+|dbms_random\\.\\w+|' +
    'dbms_crypto\\.\\w+|dbms_utility\\.(?:get_\\w+|format_\\w+)|utl_(?:encode|url|i18n)\\.\\w+|utl_file\\.(?:fopen|is_open))$'
);

/** True for PL/SQL's `x := f(v)`, `IF f(v) THEN`, whose function may fill v. */
export function mayFill(cursor: Cursor, index: number, name: string): boolean {
  const before = cursor.token(index - 1).word;
  // parameters of a cursor: `FOR r IN c(v) LOOP`
  if (before === '.' || before === 'in' || NO_CALLS.has(name) || READS.test(name)) return false;
  return standsInExpression(cursor, index) && !declaredIn(cursor).has(name);
}

function standsInExpression(cursor: Cursor, index: number): boolean {
  let isAssigned = false;
  for (let back = index - 1; back > index - MOST_BACK && back >= 0; back -= 1) {
    const { word } = cursor.token(back);
    if (SQL.has(word)) return false;
    isAssigned ||= /^(?::=|if|elsif|while|when|default)$/.test(word);
    if (STARTS.has(word)) break;
  }
  return isAssigned;
}

/** Collections and types of the text's own: `v names;`, `TYPE names IS TABLE OF …`. */
const declaredIn = oncePerText((cursor) => {
  const all = new Set<string>();
  cursor.tokens.forEach(({ text, word }, index) => {
    const [before, next] = [cursor.token(index - 1).word, cursor.token(index + 1)];
    const isVariable = /^(?:;|declare|is|as)$/.test(before) && next.kind === 'word' && !NO_CALLS.has(word);
    if (isVariable || before === 'type') all.add(text.toLowerCase());
  });
  return all;
});
