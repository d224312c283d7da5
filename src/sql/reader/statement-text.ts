/** What a string that is run as SQL begins with. */
export const STATEMENT_TEXT =
  /^[\s(]*(?:insert|replace|create|alter|drop|merge|update|with|select|copy|truncate|delete|begin|declare|call|rename|load)[\s*("'`/-]/i;
