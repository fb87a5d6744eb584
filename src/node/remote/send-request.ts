import type { Ask } from '../../domain/exchange.ts';
import { type ExchangeId, partyName, partyOfSession } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { seconds } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { hideDriver, withoutDriver } from '../../roles/emsp/pseudonymise-text.ts';
import { type ImmediateAnswer, stateAfterAnswer } from '../../roles/emsp/sent-request-state.ts';
import { fingerprint } from '../../store/encryption.ts';
import { insertExchange, type NewExchange, openExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { reportOutcome } from '../core/end-exchange.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { awaitResult, commitAnswer } from '../exchanges/await-result.ts';
import { draftExchange } from '../exchanges/draft-exchange.ts';
import { describeOffline, OWNING_ROLES, offlineParty } from '../peers/party-connection.ts';
import { clientFor, editionOf } from '../peers/peer-client.ts';
import { newResponseUrl, sendToPeer, wireAsk } from './peer-request.ts';
import { type ReceivedProfile, type RequestSenderListeners, receiveActiveProfile, receiveResult } from './receive-result.ts';

type Held = StoredSession<WireSession, undefined>;

/** Sets, gets and clears profiles on sessions at a CPO, for a party of ours, and receives the results (CP-40 to CP-48, how-a-request-runs §9). */
export interface RequestSender {
  /** Sends one request; `author`: the id of the user or API key that requests it. Resolves when the exchange is stored, before the CPO answers. */
  send(session: Held, ask: Ask, author?: string): Promise<Result<ExchangeId>>;
  /** See `receiveResult`. */
  receiveResult(exchange: StoredExchange, result: Parameters<typeof receiveResult>[2]): Promise<boolean>;
  /** See `receiveActiveProfile`. */
  receiveActiveProfile(from: Parameters<typeof receiveActiveProfile>[1], active: ReceivedProfile): Promise<boolean>;
  /** Waits again for the results that an earlier run of the node waited for. */
  recover(): Promise<void>;
}

/** Creates the sender of a node that is an eMSP or an SCSP. */
export function createRequestSender(context: Context, listeners: RequestSenderListeners): RequestSender {
  const receiver = { context, listeners };
  return {
    send: (session, ask, author) => sendRequest(context, session, { ask, author }),
    receiveResult: (exchange, result) => receiveResult(receiver, exchange, result),
    receiveActiveProfile: (from, active) => receiveActiveProfile(receiver, from, active),
    recover: async () => {
      for (const exchange of await context.store.all(openExchanges)) if (exchange.side === 'sent') waitForResult(context, exchange);
    },
  };
}

/** The timeout of a result, in seconds, when the peer names none. */
const USUAL_TIMEOUT = seconds(30);
/** The duration of the active profile that is requested when a result is missing. */
const CHECK_DURATION = seconds(900);

async function sendRequest(context: Context, session: Held, { ask, author }: { ask: Ask; author?: string | undefined }): Promise<Result<ExchangeId>> {
  const { peers, store, journal, work } = context;
  // What is inserted now could not be sent any more.
  if (work.stopping.aborted) return fail('the node stops');
  const cpo = session.peer && (await peers.find(session.peer));
  const to = clientFor(context, cpo, { module: 'chargingprofiles', role: 'RECEIVER' });
  if (!to) return fail('the CPO of this session is not registered, or has no chargingprofiles module: see evenkeel peers');
  const { peer, client, base } = to;
  const owner = partyOfSession(session.key);
  const offline = offlineParty(peer, owner, OWNING_ROLES);
  if (offline) return fail(describeOffline(peer, owner, offline));
  const { responseUrl, resultHash } = newResponseUrl(context, peer, ask.kind);
  const exchange = draftSent(context, session, { peer, ask, author });
  await store.commit([insertExchange(exchange, { resultHash })]);
  journal.note({ step: 'request-sent', exchange: exchange.id, kind: ask.kind, ask, session: session.key, peer: peer.id });
  const { party, requestId, correlationId } = exchange;
  const ids = { from: partyName(party), to: partyName(owner), requestId, correlationId };
  const hide = (message: string) => withoutDriver(message, session.body);
  const kept = { ...client, transport: context.peerMessages.keeping(client.transport, { peer: peer.id, exchange: exchange.id, hide }) };
  const answer = async () => hideDriver(await sendToPeer(kept, { ask: wireAsk(ask), base, sessionId: session.body.id, responseUrl, ids }), session.body);
  work.start(`exchange ${exchange.id}`, () => handleAnswer(context, exchange, answer));
  return ok(exchange.id);
}

const draftSent = (
  context: Context,
  { key, receiver, tokenParty }: Held,
  { peer, ask, author }: { peer: KnownPeer; ask: Ask; author: string | undefined },
): NewExchange =>
  draftExchange(context, {
    side: 'sent',
    ask,
    peer: peer.id,
    party: receiver ?? tokenParty ?? partyOfSession(key),
    session: key,
    edition: editionOf(peer),
    requestId: context.newId(),
    correlationId: context.newId(),
    bodyHash: fingerprint(JSON.stringify(ask)),
    timeout: USUAL_TIMEOUT,
    state: 'POSTING',
    ...(author !== undefined && { author }),
  });

async function handleAnswer(context: Context, exchange: NewExchange, answer: () => Promise<ImmediateAnswer>): Promise<void> {
  const answered = await answer();
  // The stop cut the request off: the CPO may have it, and the next run waits for its result.
  if (answered.is !== 'ANSWERED' && context.work.cutOff.aborted) return;
  const after = stateAfterAnswer(answered, context.clock.now());
  const { result, timeout, message } = answered.is === 'ANSWERED' ? answered : { result: undefined, timeout: USUAL_TIMEOUT, message: undefined };
  const said = message === undefined ? {} : { message };
  const stored = await commitAnswer(context, exchange, { ...after, result, timeout, ...said });
  const { id, ask, session, peer } = exchange;
  context.journal.note({ step: 'peer-answered', exchange: id, kind: ask.kind, session, peer, result: result ?? `nothing (${after.reason})`, ...said });
  if (stored?.state === 'AWAITING') return waitForResult(context, stored);
  if (stored) reportOutcome(context, stored);
  if (stored?.state === 'UNCERTAIN') await checkActiveProfile(context, stored);
}

/** A missing result leaves open what the charge point does: the active profile is requested (CP-44). */
const waitForResult = (context: Context, exchange: StoredExchange): void =>
  awaitResult(context, exchange, {
    from: ['POSTING', 'AWAITING'],
    state: 'UNCERTAIN',
    reason: 'no result before the timeout',
    ended: (it) => checkActiveProfile(context, it),
  });

/** After a SET or CLEAR without a result: requests the active profile of the session in our own name, if the session still runs. */
export async function checkActiveProfile(context: Context, { session: key, ask }: StoredExchange): Promise<void> {
  const session = ask.kind === 'get' ? undefined : await context.store.first(sessionByKey<WireSession, undefined>(key));
  if (session?.status === 'ACTIVE') await sendRequest(context, session, { ask: { kind: 'get', duration: CHECK_DURATION } });
}
