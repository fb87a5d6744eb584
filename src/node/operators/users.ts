import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { toSeconds } from '../../domain/units.ts';
import type { Encryption } from '../../store/encryption.ts';
import type { Scope } from '../../store/sql/api-key.ts';
import {
  addUser,
  allUsers,
  type ConsoleUser,
  changePassword,
  endLoginsOf,
  readUser,
  removeUser,
  saveIssuerUser,
  userByName,
  useTotp,
} from '../../store/sql/console-user.ts';
import { removeViewsOf } from '../../store/sql/saved-view.ts';
import type { Store } from '../../store/store.ts';
import { checkPassword, hashPassword, type PasswordCost, USUAL_COST, verifyPassword } from './password.ts';
import { newTotpSecret, otpauthUri, stepOf } from './totp.ts';

export type { ConsoleUser };

/** What a user types to sign in. */
interface Typed {
  name: string;
  password: string;
  code: string | undefined;
}

/** The result of a sign-in. `code-needed`: name and password are right, the code is missing. `busy`: too many sign-ins are being checked. */
export type Verified = { is: 'known'; user: ConsoleUser } | { is: 'code-needed' } | { is: 'unknown' } | { is: 'busy' };

/** A user as an issuer of OpenID Connect describes them. */
export interface IssuerIdentity {
  issuer: string;
  subject: string;
  name: string;
  role: Scope;
}

/** The users who may sign in to the console. */
export interface Users {
  /** `otpauth`: the key URI for an authenticator app, shown once. */
  add(user: { name: string; role: Scope; password: string; totp: boolean }): Promise<Result<{ user: ConsoleUser; otpauth?: string }>>;
  all(): Promise<readonly ConsoleUser[]>;
  /** Ends the logins of the user, too. */
  setPassword(name: string, password: string): Promise<Result<ConsoleUser>>;
  remove(name: string): Promise<Result<ConsoleUser>>;
  /** Checks what a user typed. An unknown name costs as much work as a wrong password. A known browser is never told `busy`: others cannot take its turn. */
  verify(typed: Typed, from?: 'known browser' | 'other browser'): Promise<Verified>;
  /** Adds or updates the user of an issuer, with the name and role that the issuer gives now. */
  addFromIssuer(identity: IssuerIdentity): Promise<ConsoleUser>;
}

/** Names of 1 to 64 letters, digits and a few signs, because people type them. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;
/** Most passwords that are checked, or wait to be, at one time. */
const MOST_PENDING = 20;

export function createUsers({ store, encryption, clock }: { store: Store; encryption: Encryption; clock: Clock }, cost: PasswordCost = USUAL_COST): Users {
  let pending = 0;
  const named = async (name: string) => await store.first(userByName(fold(name)));
  const noUser = (name: string) => fail(`no user has the name ${name}: evenkeel users list shows all users`);

  async function verify({ name, password, code }: Typed): Promise<Verified> {
    const user = await named(name);
    if (!(await verifyPassword(password, user?.password, cost)) || !user) return { is: 'unknown' };
    if (user.encryptedTotp === undefined) return { is: 'known', user };
    if (code === undefined || code === '') return { is: 'code-needed' };
    const step = stepOf(code, Buffer.from(encryption.decrypt(user.encryptedTotp), 'base64url'), toSeconds(clock.now()));
    const [used] = step === undefined ? [] : await store.commit([useTotp(user.id, step)]);
    return used?.changed === 1 ? { is: 'known', user } : { is: 'unknown' };
  }

  return {
    add: async ({ name, role, password, totp }) => {
      if (!NAME.test(name)) return fail('a name has 1 to 64 letters, digits or . _ @ -, the first one a letter or digit');
      const allowed = checkPassword(password, name);
      if (!allowed.ok) return allowed;
      const secret = totp ? newTotpSecret() : undefined;
      const encryptedTotp = secret && encryption.encrypt(secret.toString('base64url'));
      const user: ConsoleUser = { id: randomUUID(), name, role, password: await hashPassword(password, cost), encryptedTotp, createdAt: clock.now() };
      const [added] = await store.commit([addUser(user, fold(name))]);
      if (added?.changed !== 1) return fail(`another user has the name ${name}: evenkeel users list shows all users`);
      return ok({ user, ...(secret && { otpauth: otpauthUri(name, secret) }) });
    },
    all: () => store.all(allUsers),
    setPassword: async (name, password) => {
      const user = await named(name);
      if (!user) return noUser(name);
      const allowed = checkPassword(password, user.name);
      if (!allowed.ok) return allowed;
      await store.commit([changePassword(user.id, await hashPassword(password, cost)), endLoginsOf(user.id)]);
      return ok(user);
    },
    remove: async (name) => {
      const user = (await named(name)) ?? (await store.all(allUsers)).find(({ id }) => id === name);
      if (!user) return noUser(name);
      await store.commit([endLoginsOf(user.id), removeViewsOf(`user ${user.id}`), removeUser(user.id)]);
      return ok(user);
    },
    verify: async (typed, from = 'other browser') => {
      if (from === 'other browser' && pending >= MOST_PENDING) return { is: 'busy' };
      pending += 1;
      try {
        return await verify(typed);
      } finally {
        pending -= 1;
      }
    },
    addFromIssuer: async ({ issuer, subject, name, role }) => {
      const [known] = await store.commit([saveIssuerUser({ id: randomUUID(), name, role, createdAt: clock.now() }, { issuer, subject })]);
      const [row = {}] = known?.rows ?? [];
      return readUser(row);
    },
  };
}
