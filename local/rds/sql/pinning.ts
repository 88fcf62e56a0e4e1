import { tokensByStatement, textsOf, type Token } from './tokens';

/** The effect of a statement on a proxy's session. */
export type SessionEffect =
  /** The session does not change: it may continue on any connection that has its settings. */
  | { readonly kind: 'none' }
  /** The session is pinned: it keeps its connection from now on. */
  | { readonly kind: 'pins' }
  /** The statement affects the next transaction: the session keeps its connection until that transaction ends. */
  | { readonly kind: 'holds' }
  /** The statement changes settings that the proxy tracks: the session may continue only on connections that have them. */
  | { readonly kind: 'settings'; readonly names: readonly string[] };

const NONE: SessionEffect = { kind: 'none' };
const PINS: SessionEffect = { kind: 'pins' };

/** Variables that RDS Proxy tracks. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html */
const TRACKED_VARIABLES = new Set([
  'character_set_client',
  'character_set_connection',
  'character_set_database',
  'character_set_filesystem',
  'character_set_results',
  'character_set_server',
  'collation_connection',
  'collation_database',
  'collation_server',
  'transaction_isolation',
  'transaction_read_only',
  'tx_isolation',
  'tx_read_only',
  'autocommit',
  'interactive_timeout',
  'net_write_timeout',
  'wait_timeout',
  'auto_increment_increment',
  'query_cache_type',
  'session_track_schema',
  'sql_mode',
  'time_zone',
]);

/** The names of settings that SET NAMES and SET CHARACTER SET override. */
const CHARACTER_SETS = /^(character_set_(client|connection|results)|collation_connection|names)$/;

/** Functions that use the state of the connection. AWS documents that the last three pin sometimes; here they always pin. */
const PINNING_FUNCTIONS = new Set(['GET_LOCK', 'ROW_COUNT', 'FOUND_ROWS', 'LAST_INSERT_ID']);

const FIRST_WORDS_THAT_PIN = new Set(['PREPARE', 'EXECUTE', 'DEALLOCATE']);

const SCOPES = new Set(['SESSION', 'LOCAL']);

/**
 * Returns the effect of a statement, or of several in one text, on a session.
 *
 * @param excludesSets whether the filter EXCLUDE_VARIABLE_SETS is on; if so, a SET of an untracked variable does not pin
 */
export function effectOf(text: string, excludesSets: boolean): SessionEffect {
  const effects = tokensByStatement(text).map((tokens) => effectOfStatement(tokens, excludesSets));
  const strongest = (['pins', 'holds'] as const).find((kind) => effects.some((effect) => effect.kind === kind));
  if (strongest) return { kind: strongest };
  const names = effects.flatMap((effect) => (effect.kind === 'settings' ? effect.names : []));
  if (names.length === 0) return NONE;
  // To restore a setting on a later connection, the proxy repeats the whole text. With several statements, the repetition would also run
  // the other statements again, so such a text pins the session.
  return effects.length === 1 ? { kind: 'settings', names } : PINS;
}

function effectOfStatement(tokens: readonly Token[], excludesSets: boolean): SessionEffect {
  const words = textsOf(tokens);
  const [first = '', second = ''] = words;
  if (first === 'USE') return { kind: 'settings', names: ['database'] };
  if (first === 'SET') return effectOfSet(tokens.slice(1), words.slice(1), excludesSets);
  if (FIRST_WORDS_THAT_PIN.has(first) || (first === 'LOCK' && /^TABLES?$/.test(second))) return PINS;
  if (first === 'FLUSH' && words.join(' ').includes('WITH READ LOCK')) return PINS;
  if (first === 'CREATE' && words.slice(1, 4).includes('TEMPORARY')) return PINS;
  // The client sends the file after the statement. Only a pinned session passes the file on.
  if (first === 'LOAD' && words.includes('LOCAL')) return PINS;
  return setsUserVariable(tokens) || callsPinningFunction(words) ? PINS : NONE;
}

/** Matches `@answer := 42` and `SELECT 42 INTO @answer`. Reading a variable does not pin. */
function setsUserVariable(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ kind }, index) =>
      kind === 'userVariable' && (tokens[index + 1]?.text === ':=' || /^into$/i.test(tokens[index - 1]?.text ?? '')),
  );
}

function callsPinningFunction(words: readonly string[]): boolean {
  return words.some((word, index) => PINNING_FUNCTIONS.has(word) && words[index + 1] === '(');
}

function effectOfSet(tokens: readonly Token[], words: readonly string[], excludesSets: boolean): SessionEffect {
  const [first = '', second = ''] = words;
  if (first === 'PASSWORD') return NONE;
  if (first === 'TRANSACTION') return { kind: 'holds' };
  if (SCOPES.has(first) && second === 'TRANSACTION') return { kind: 'settings', names: transactionVariables(words) };
  const parts = assignments(tokens);
  const isCharacterSet = /^(NAMES|CHARSET)$/.test(first) || (first === 'CHARACTER' && second === 'SET');
  if (isCharacterSet && parts.length === 1) return { kind: 'settings', names: ['names'] };
  const names = parts.map(variableOf);
  if (names.every((name) => name !== undefined && TRACKED_VARIABLES.has(name))) {
    return { kind: 'settings', names: names as string[] };
  }
  return excludesSets ? NONE : PINS;
}

/** Names of the variables that SET SESSION TRANSACTION changes. */
function transactionVariables(words: readonly string[]): string[] {
  const isolation = words.includes('ISOLATION') ? ['transaction_isolation'] : [];
  return words.includes('READ') && /READ (ONLY|WRITE)/.test(words.join(' '))
    ? [...isolation, 'transaction_read_only']
    : isolation;
}

/** Splits `a = 1, b = f(2, 3)` at the commas outside parentheses. */
function assignments(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Returns the variable that an assignment sets, if the value is one literal, name or system variable; otherwise `undefined`. */
function variableOf(assignment: readonly Token[]): string | undefined {
  const tokens = SCOPES.has(assignment[0]?.text.toUpperCase() ?? '') ? assignment.slice(1) : assignment;
  const [variable, equals, value, ...more] = tokens;
  if (variable === undefined || !/^:?=$/.test(equals?.text ?? '') || more.length > 0) return undefined;
  if (value?.kind === 'userVariable') return undefined;
  if (variable.kind === 'word' || variable.kind === 'identifier') return unquoted(variable.text);
  const [, name] = /^@@(?:(?:session|local)\s*\.)?\s*(\S+)$/i.exec(variable.text) ?? [];
  return variable.kind === 'systemVariable' && name !== undefined ? unquoted(name) : undefined;
}

const unquoted = (name: string): string => name.replaceAll('`', '').toLowerCase();

/** Whether a later setting overrides an earlier one. */
export function replaces(later: string, earlier: string): boolean {
  return later === earlier || (later === 'names' && CHARACTER_SETS.test(earlier));
}
