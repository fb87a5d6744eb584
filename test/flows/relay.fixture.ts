import { type VirtualClock, virtualClock } from '../../sim/clock.ts';
import type { Cpo, Emsp, ProfileRequest, SentProfileRequest } from '../../sim/partner.ts';
import type { AskKind } from '../../src/domain/exchange.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import type { Step } from '../../src/node/core/journal.ts';
import { openStore } from '../../src/store/open.ts';
import { readExchange, type StoredExchange } from '../../src/store/sql/exchange.ts';
import type { Query } from '../../src/store/store.ts';
import { type EmspWorld, type EmspWorldOptions, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { letTimePass } from '../let-time-pass.ts';
import { upTo } from '../profile-requests.ts';
import { consent, contract } from './delegated.fixture.ts';

/** Ids of the session and its driver that only the CPO and the eMSP may know, not an SCSP. */
export const idsAtCpo = { id: 'CPO-SIDE-0001', uid: 'DEADBEEF', contractId: 'NL-EVK-C1', reference: 'AUTHREF-7781' } as const;
/** The same as a list. */
export const secrets: readonly string[] = Object.values(idsAtCpo);
/** A configuration with which the SCSP may see and steer all sessions of customers of the eMSP. */
export const relayConfig = { contracts: [contract({ tokens_of: 'NL*EVK' })], consents: [consent()] };

/** An eMSP node between an SCSP and a CPO with one session. The virtual clock moves only when the test moves it; the test posts the results of the CPO. */
export interface Relayed extends AsyncDisposable {
  world: EmspWorld;
  clock: VirtualClock;
  cpo: Cpo;
  scsp: Emsp;
  /** The session as the SCSP knows it. */
  session: string;
  /** Sends a request of the SCSP about the session. */
  request(kind: AskKind): Promise<SentProfileRequest>;
  /** The last profile request that the CPO received. */
  lastForwarded(): ProfileRequest;
  /** Posts a result from the CPO to the response_url of its last request. */
  postResult(result: object): ReturnType<Cpo['post']>;
  /** The relayed exchanges in the store. */
  exchanges(): Promise<readonly StoredExchange[]>;
  /** The security events of the node. */
  securityEvents(): readonly Extract<Step, { step: 'security' }>[];
  /** Moves the clock until `event` resolves. */
  until<T>(event: Promise<T>): Promise<T>;
}

/** Without options: SQLite, `relayConfig`. */
export interface RelayedOptions extends Pick<EmspWorldOptions, 'store' | 'aroundStore'> {
  config?: Partial<Config>;
}

/** Starts the node, registers the CPO and the SCSP, and pushes the session. */
export async function openRelayed({ store = 'sqlite', config = relayConfig, ...around }: RelayedOptions = {}): Promise<Relayed> {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store, clock, config, ...around }));
  const ownStore = stack.use(await openStore(world.settings().database));
  const noResult = { times: 0 };
  const cpo = await world.cpo({ profileAnswers: { PUT: noResult, GET: noResult, DELETE: noResult } });
  const scsp = await world.scsp();
  await cpo.put(sessionAtCpo());
  const { id } = await scsp.session(({ status }) => status === 'ACTIVE');
  const session = String(id);
  const lastForwarded = () => cpo.profileRequests.at(-1) ?? { method: 'PUT', sessionId: '', responseUrl: '', body: {} };
  const kept = stack.move();
  return {
    world,
    clock,
    cpo,
    scsp,
    session,
    request: (kind) => requestAs(scsp, session, kind),
    lastForwarded,
    postResult: (result) => cpo.post(lastForwarded().responseUrl, result),
    exchanges: () => ownStore.all(relayedExchanges),
    securityEvents: () => world.steps.filter((it) => it.step === 'security'),
    until: (event) => letTimePass(clock, event, cpo.versionsUrl),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The session of the CPO as OCPI JSON, with some fields changed. */
export const sessionAtCpo = (changes: Record<string, unknown> = {}) => ({
  ...remoteSession(idsAtCpo.id),
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: idsAtCpo.uid, type: 'RFID', contract_id: idsAtCpo.contractId },
  authorization_reference: idsAtCpo.reference,
  ...changes,
});

/** Sends a request of this kind from an SCSP about any session. */
export function requestAs(scsp: Emsp, session: string, kind: AskKind): Promise<SentProfileRequest> {
  switch (kind) {
    case 'set':
      return scsp.set(session, upTo(10));
    case 'get':
      return scsp.get(session, 900);
    case 'clear':
      return scsp.clear(session);
    default:
      return kind satisfies never;
  }
}

const relayedExchanges: Query<StoredExchange> = {
  name: 'relayed-exchanges',
  sql: "SELECT * FROM exchange WHERE side = 'relayed' ORDER BY seq",
  values: [],
  read: readExchange,
};
