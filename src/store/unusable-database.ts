/** PostgreSQL cannot be used: the message says what was tried, what happened, and how to mend it (F-76). */
class UnusableDatabase extends Error {}

/** What to do about a code of the operating system, of TLS, or of PostgreSQL (SQLSTATE). */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|57P0[1-3])$/, 'start the server, or correct host and port in "database"'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'correct the host name in "database", or the name service of this machine'],
  [/^28/, 'correct user and password in "database", or let the server admit this user'],
  [/^3D000$/, 'create the database on the server, or correct its name in "database"'],
  [/^42501$/, 'grant this user the rights to create and change tables in this database'],
  [/^53300$/, 'raise max_connections of the server, or stop another program that uses it'],
  [
    /CERT|SELF_SIGNED|ISSUER|SIGNATURE|ALTNAME|SSL|TLS/,
    'name the certificate file of the authority that signed the certificate of the server: add sslrootcert=FILE to the URL in "database", or start with NODE_EXTRA_CA_CERTS=FILE',
  ],
];

/** Runs a step that connects to PostgreSQL; an error of the connection names the server and how to mend it. Other errors stay as they are. */
export async function explained<T>(database: string, connecting: () => Promise<T>): Promise<T> {
  try {
    return await connecting();
  } catch (error) {
    const code = codeOf(error);
    const mend = code !== undefined ? MENDS.find(([pattern]) => pattern.test(code))?.[1] : undefined;
    if (mend === undefined || error instanceof UnusableDatabase) throw error;
    throw new UnusableDatabase(`PostgreSQL at ${serverOf(database)} cannot be used (${describe(error, code)}): ${mend}`, { cause: error });
  }
}

/** Server, database and user, without the password. */
function serverOf(database: string): string {
  if (!URL.canParse(database)) return 'the address in "database"';
  const { hostname, port, pathname, username } = new URL(database);
  return `${hostname || 'localhost'}:${port || '5432'}, database ${pathname.slice(1) || 'of the user'}${username === '' ? '' : `, user ${username}`},`;
}

const describe = (error: unknown, code: string | undefined) => {
  const message = error instanceof Error ? error.message : '';
  return message === '' || message === code ? `${code}` : message.includes(`${code}`) ? message : `${code}: ${message}`;
};

/** A connection that was tried at several addresses has the code of the first one; an error that wraps another has its code. */
function codeOf(error: unknown): string | undefined {
  const code: unknown = Reflect.get(Object(error), 'code');
  if (typeof code === 'string') return code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  return inner === undefined ? undefined : codeOf(inner);
}
