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
import type { Store } from '../../store/store.ts';
import { fitPassword, fitsPassword, hashPassword, type PasswordCost, USUAL_COST } from './password.ts';
import { drawTotpSecret, otpauthUri, stepOf } from './totp.ts';

export type { ConsoleUser };

/** Who is at the door, by what they typed. `code-needed`: right so far, and their second factor is missing. */
export type Recognised = { is: 'known'; user: ConsoleUser } | { is: 'code-needed' } | { is: 'unknown' } | { is: 'busy' };

/** What an issuer of OpenID Connect says of somebody. */
export interface Vouched {
  issuer: string;
  subject: string;
  name: string;
  role: Scope;
}

/** Who may sign in to the console. */
export interface Users {
  /** `otpauth` is what an authenticator app takes in; shown once. */
  add(user: { name: string; role: Scope; password: string; totp: boolean }): Promise<Result<{ user: ConsoleUser; otpauth?: string }>>;
  all(): Promise<readonly ConsoleUser[]>;
  /** Ends what they have open, too. */
  setPassword(name: string, password: string): Promise<Result<ConsoleUser>>;
  remove(name: string): Promise<Result<ConsoleUser>>;
  /** As much work for a name that nobody has as for a wrong password. */
  recognise(typed: { name: string; password: string; code: string | undefined }): Promise<Recognised>;
  /** Somebody whom an issuer vouches for, with the role of now. */
  know(vouched: Vouched): Promise<ConsoleUser>;
}

/** Names are typed by people: a word of letters, digits and a few signs. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;
/** Passwords that are checked, or wait to be, at once. */
const MOST_PENDING = 20;

export function createUsers({ store, encryption, clock }: { store: Store; encryption: Encryption; clock: Clock }, cost: PasswordCost = USUAL_COST): Users {
  let pending = 0;
  const named = async (name: string) => await store.first(userByName(fold(name)));
  const nobody = (name: string) => fail(`nobody has the name ${name}: evenkeel users list shows them`);

  async function recognise({ name, password, code }: { name: string; password: string; code: string | undefined }): Promise<Recognised> {
    const user = await named(name);
    if (!(await fitsPassword(password, user?.password, cost)) || !user) return { is: 'unknown' };
    if (user.encryptedTotp === undefined) return { is: 'known', user };
    if (code === undefined || code === '') return { is: 'code-needed' };
    const step = stepOf(code, Buffer.from(encryption.decrypt(user.encryptedTotp), 'base64url'), toSeconds(clock.now()));
    const [used] = step === undefined ? [] : await store.commit([useTotp(user.id, step)]);
    return used?.changed === 1 ? { is: 'known', user } : { is: 'unknown' };
  }

  return {
    add: async ({ name, role, password, totp }) => {
      if (!NAME.test(name)) return fail('a name has 1 to 64 letters, digits or . _ @ -, the first one a letter or digit');
      const fit = fitPassword(password, name);
      if (!fit.ok) return fit;
      const secret = totp ? drawTotpSecret() : undefined;
      const encryptedTotp = secret && encryption.encrypt(secret.toString('base64url'));
      const user: ConsoleUser = { id: randomUUID(), name, role, password: await hashPassword(password, cost), encryptedTotp, createdAt: clock.now() };
      const [added] = await store.commit([addUser(user, fold(name))]);
      if (added?.changed !== 1) return fail(`somebody has the name ${name} already: evenkeel users list shows them`);
      return ok({ user, ...(secret && { otpauth: otpauthUri(name, secret) }) });
    },
    all: () => store.all(allUsers),
    setPassword: async (name, password) => {
      const user = await named(name);
      if (!user) return nobody(name);
      const fit = fitPassword(password, user.name);
      if (!fit.ok) return fit;
      await store.commit([changePassword(user.id, await hashPassword(password, cost)), endLoginsOf(user.id)]);
      return ok(user);
    },
    remove: async (name) => {
      const user = (await named(name)) ?? (await store.all(allUsers)).find(({ id }) => id === name);
      if (!user) return nobody(name);
      await store.commit([endLoginsOf(user.id), removeUser(user.id)]);
      return ok(user);
    },
    recognise: async (typed) => {
      if (pending >= MOST_PENDING) return { is: 'busy' };
      pending += 1;
      try {
        return await recognise(typed);
      } finally {
        pending -= 1;
      }
    },
    know: async ({ issuer, subject, name, role }) => {
      const [known] = await store.commit([saveIssuerUser({ id: randomUUID(), name, role, createdAt: clock.now() }, { issuer, subject })]);
      const [row = {}] = known?.rows ?? [];
      return readUser(row);
    },
  };
}
