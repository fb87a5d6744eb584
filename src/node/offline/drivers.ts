import { type DriverId, driverId, fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { openSecrets, openStore } from '../../store/open.ts';
import { consentsOf } from '../../store/sql/consent.ts';
import { newestExchanges } from '../../store/sql/exchange.ts';
import { sessionsOfDriver } from '../../store/sql/session.ts';
import { forgetTokensOf, tokensOfDriver } from '../../store/sql/token.ts';
import type { Store } from '../../store/store.ts';
import { maskUrl, viewExchange } from '../api/sessions/view-session.ts';
import type { Config } from '../config/config.ts';
import { encryptOldRows } from '../upkeep/encrypt-old-rows.ts';

/** Whose data are meant: by the token that the driver shows, or by the name that the store has for them. */
export type DriverReference = { token: string } | { driver: string };

/** What became of a driver's data. */
export interface Erasure {
  driver: DriverId;
  /** False: there was no key, so nothing was readable before either. */
  erased: boolean;
  /** Records that stay, of energy, time, places and money, and of what was agreed to; nothing in them says who it was. */
  sessions: number;
  consents: number;
  /** The token still stands in the configuration file, from where it comes back when it is used again. */
  in_configuration: boolean;
}

/** What a driver may ask of the operator (SEC-46); beside a running node, which sees a deleted key with its next piece of work. */
export interface Drivers extends AsyncDisposable {
  /** Everything that the store has of a driver: sessions, what others asked about them, and consents. */
  export(whose: DriverReference): AsyncGenerator<object, void>;
  /** Deletes the key, without which nothing tells any more who it was; refused while a session of theirs runs, since its owner is still to be told. */
  erase(whose: DriverReference): Promise<Result<Erasure>>;
}

const PAGE = 100;
const RUNNING = ['PENDING', 'ACTIVE', 'RESERVATION'];

/** Opens the store and the vault of a configuration for what drivers ask. */
export async function openDrivers(config: Config): Promise<Drivers> {
  await using stack = new AsyncDisposableStack();
  const { encryption, vault } = openSecrets(config);
  stack.use(vault);
  const store = stack.use(await openStore(config.database, vault));
  await encryptOldRows({ store, encryption, pause: async () => undefined, stopped: () => false });
  const nameOf = (whose: DriverReference): DriverId => ('token' in whose ? driverIdOf(encryption, whose.token) : driverId(fold(whose.driver)));
  const open = stack.move();
  return {
    export: (whose) => everythingOf(store, nameOf(whose), (encrypted) => maskUrl(encryption.decrypt(encrypted))),
    erase: async (whose) => {
      const driver = nameOf(whose);
      let sessions = 0;
      for await (const { key, status } of sessionsOf(store, driver)) {
        sessions += 1;
        if (RUNNING.includes(status)) return fail(`driver ${driver} has a session that is ${status}: end ${key}, then erase`);
      }
      const consents = (await store.all(consentsOf(driver))).length;
      const listed = [...config.tokens.map(({ uid }) => uid), ...config.consents.map(({ token }) => token)];
      await store.commit(forgetTokensOf(driver));
      return ok({ driver, erased: vault.erase(driver), sessions, consents, in_configuration: listed.some((uid) => driverIdOf(encryption, uid) === driver) });
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function* sessionsOf(store: Store, driver: DriverId) {
  for (let after = 0; ; ) {
    const page = await store.all(sessionsOfDriver<OwnSession, Progress>(driver, after, PAGE));
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.seq;
  }
}

async function* everythingOf(store: Store, driver: DriverId, hideUrl: (encrypted: string) => string): AsyncGenerator<object, void> {
  for (const { party, purpose, textVersion, givenAt, withdrawnAt } of await store.all(consentsOf(driver)))
    yield {
      kind: 'consent',
      driver,
      consent: {
        party,
        purpose,
        text_version: textVersion,
        given_at: printDateTime(givenAt),
        ...(withdrawnAt !== undefined && { withdrawn_at: printDateTime(withdrawnAt) }),
      },
    };
  for (const { body } of await store.all(tokensOfDriver<WireToken>(driver))) yield { kind: 'token', driver, token: body };
  for await (const { key, body } of sessionsOf(store, driver)) {
    yield { kind: 'session', driver, session: body };
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = await store.all(newestExchanges({ floor: 0, before, limit: PAGE, session: key }));
      for (const exchange of page) yield { kind: 'exchange', driver, exchange: viewExchange(exchange, hideUrl) };
      const last = page.at(-1);
      if (!last) break;
      before = last.seq;
    }
  }
}
