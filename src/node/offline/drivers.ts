import { type DriverId, driverId, fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { openBeside } from '../../store/open.ts';
import { consentsOf } from '../../store/sql/consent.ts';
import { newestExchanges } from '../../store/sql/exchange-list.ts';
import { sessionsOfDriver } from '../../store/sql/session.ts';
import { forgetTokensOf, tokensOfDriver } from '../../store/sql/token.ts';
import type { Store } from '../../store/store.ts';
import { viewExchange } from '../api/exchanges/view-exchange.ts';
import type { Config } from '../config/config.ts';
import { maskUrl } from '../core/mask-url.ts';
import { encryptOldRows } from '../upkeep/encrypt-old-rows.ts';

/** A driver, by the uid of a token or by the pseudonym in the store. */
export type DriverReference = { token: string } | { driver: string };

/** The result of an erasure. */
export interface Erasure {
  driver: DriverId;
  /** False when there was no key, so the data were unreadable before. */
  erased: boolean;
  /** Number of sessions that stay, with energy, times, locations and costs but without the identity of the driver. */
  sessions: number;
  /** Number of consents that stay, under the pseudonym. */
  consents: number;
  /** True when the configuration file still has the token; the node then stores it again when it is used. */
  in_configuration: boolean;
}

/** Access to and erasure of the data of one driver (SEC-46). Works beside a running node, which notices a deleted key at its next read. */
export interface Drivers extends AsyncDisposable {
  /** All data of a driver: consents, tokens, sessions and the requests about their profiles. */
  export(driver: DriverReference): AsyncGenerator<object, void>;
  /** Deletes the driver's key, so that the identity is unreadable. Fails while a session of the driver runs: its owner still gets updates. */
  erase(driver: DriverReference): Promise<Result<Erasure>>;
}

const PAGE = 100;
const RUNNING = ['PENDING', 'ACTIVE', 'RESERVATION'];

/** Opens the store and the vault of a configuration. */
export async function openDrivers(config: Config): Promise<Drivers> {
  await using stack = new AsyncDisposableStack();
  const { store, encryption, vault } = stack.use(await openBeside(config));
  await encryptOldRows({ store, encryption, pause: async () => undefined, stopped: () => false });
  const pseudonymOf = (reference: DriverReference): DriverId =>
    'token' in reference ? driverIdOf(encryption, reference.token) : driverId(fold(reference.driver));
  const open = stack.move();
  return {
    export: (reference) => exportAll(store, pseudonymOf(reference), (encrypted) => maskUrl(encryption.decrypt(encrypted))),
    erase: async (reference) => {
      const driver = pseudonymOf(reference);
      let sessions = 0;
      for await (const { key, status } of sessionsOf(store, driver)) {
        sessions += 1;
        if (RUNNING.includes(status)) return fail(`driver ${driver} has a session that is ${status}: end ${key}, then erase`);
      }
      const consents = (await store.all(consentsOf(driver))).length;
      const configured = [...config.tokens.map(({ uid }) => uid), ...config.consents.map(({ token }) => token)];
      await store.commit(forgetTokensOf(driver));
      return ok({
        driver,
        erased: vault.erase(driver),
        sessions,
        consents,
        in_configuration: configured.some((uid) => driverIdOf(encryption, uid) === driver),
      });
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

async function* exportAll(store: Store, driver: DriverId, hideUrl: (encrypted: string) => string): AsyncGenerator<object, void> {
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
