import { type ExchangeId, type MessageId, messageId, type StationId } from '../domain/ids.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../domain/station.ts';
import type { Station, StationRequest } from '../ocpp/station.ts';
import { answerBy, remaining } from '../roles/cpo/recover.ts';
import type { OwnSession, Progress } from '../roles/cpo/session.ts';
import { type Carried, silent, take, takeLate, withoutWord } from '../roles/cpo/take-station-answer.ts';
import { claimSending, exchangeByMessage, openExchanges, recordAfterwards, type StoredExchange } from '../store/sql/exchange.ts';
import { sessionByKey } from '../store/sql/session.ts';
import type { Ground } from './ground.ts';
import type { Places } from './places.ts';
import type { RunEffects } from './run-effect.ts';

/** Carries accepted requests to charge points and their words back, across broken connections and restarts (async-flow §2 to §5). */
export interface Carrier {
  /** Takes up an exchange that is committed as ACCEPTED. */
  carry(exchange: Carriage): void;
  /** A charge point is there (again): what waits for it goes out, what broke off goes once more. */
  stationIsBack(station: StationId): void;
  /** An answer to a call of an older connection, or one that came too late. */
  late(message: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void>;
  /** Takes up whatever an earlier run of this node left open. */
  recover(): Promise<void>;
}

/** An exchange under way, with what it takes to write it down for its charge point. */
export interface Carriage {
  exchange: Pick<StoredExchange, 'id' | 'side' | 'peer' | 'session' | 'ask' | 'deadline' | 'timeout'>;
  station: StationId;
  evseUid: string;
  transactionId: string;
  profileId: number;
  /** The unit of the profile that our record says is installed. */
  installed: RateUnit | undefined;
  sends: number;
}

export function createCarrier(ground: Ground, places: Places, tools: { stationOf(id: StationId): Station | undefined; run: RunEffects; deliver(exchange: StoredExchange): void }): Carrier {
  const { store, clock, journal } = ground;
  const waiting = new Map<ExchangeId, { carriage: Carriage; stop: () => void }>();

  function carry(carriage: Carriage): void {
    send(carriage).catch((error) => ground.complain(`exchange ${carriage.exchange.id}`, error));
  }

  async function send(carriage: Carriage): Promise<void> {
    const station = tools.stationOf(carriage.station);
    const request = requestOf(carriage, places);
    if (!station || !request) return wait(carriage);
    const { exchange } = carriage;
    const message = messageId(ground.draw());
    const claim = async () => {
      const [claimed] = await store.commit([claimSending(exchange.id, { messageId: message, epoch: station.epoch, at: clock.now() })]);
      if (claimed?.changed !== 1) return false;
      carriage.sends += 1;
      journal.note({ step: 'sending', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station: station.id });
      return true;
    };
    const heard = await station.ask({ request, messageId: message, deadline: answerBy(exchange.deadline, exchange.timeout), claim });
    journal.note({ step: 'station-said', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station: station.id, word: wordFor(heard) });
    const { answer, effects } = take(carriedOf(carriage), heard);
    if (answer === 'waits') return wait(carriage);
    await tools.run(effects, exchange);
  }

  /** Until the charge point is back, or there is no time left. */
  function wait(carriage: Carriage): void {
    const { id, deadline, timeout } = carriage.exchange;
    const stop = clock.after(Math.max(0, answerBy(deadline, timeout) - clock.now()), () => {
      waiting.delete(id);
      giveUp(carriage).catch((error) => ground.complain(`exchange ${id}`, error));
    });
    waiting.set(id, { carriage, stop });
  }

  async function giveUp(carriage: Carriage): Promise<void> {
    await tools.run(withoutWord(carriedOf(carriage)).effects, carriage.exchange);
  }

  function stationIsBack(station: StationId): void {
    for (const [id, { carriage, stop }] of waiting) {
      if (carriage.station !== station) continue;
      stop();
      waiting.delete(id);
      // Sent twice and never answered: once more would only pile up.
      if (carriage.sends > 1) wait(carriage);
      else carry(carriage);
    }
  }

  async function late(message: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void> {
    const exchange = await store.first(exchangeByMessage(message));
    const carriage = exchange && (await carriageOf(exchange));
    const request = carriage && requestOf(carriage, places);
    if (!exchange || !carriage || !request) return;
    const heard = read(request);
    const carried = carriedOf(carriage);
    journal.note({ step: 'station-said', exchange: exchange.id, kind: exchange.ask.kind, session: exchange.session, station: carriage.station, word: `${wordFor(heard)}, late` });
    if (exchange.state === 'SENDING') {
      waiting.get(exchange.id)?.stop();
      waiting.delete(exchange.id);
      await tools.run(take(carried, heard).effects, exchange);
      return;
    }
    if (exchange.state !== 'TIMED_OUT' || (heard.is !== 'ACCEPTED' && heard.is !== 'REJECTED' && heard.is !== 'UNKNOWN')) return;
    await store.commit([recordAfterwards(exchange.id, `${exchange.reason ?? 'TIMED_OUT'}, then ${heard.is}`)]);
    await tools.run(takeLate(carried, heard.is), exchange);
  }

  async function recover(): Promise<void> {
    for (const exchange of await store.all(openExchanges)) {
      if (exchange.side !== 'sent') await takeUp(exchange);
    }
  }

  async function takeUp(exchange: StoredExchange): Promise<void> {
    const carriage = await carriageOf(exchange);
    if (!carriage) return;
    const carried = carriedOf(carriage);
    const remains = remaining({ ...exchange, resent: exchange.earlierMessageId !== undefined }, clock.now());
    switch (remains) {
      case 'send':
      case 'resend':
        return wait(carriage);
      case 'tell-not-sent':
        return tools.run(withoutWord(carried).effects, exchange);
      case 'time-out':
        return tools.run(exchange.state === 'ACCEPTED' ? [{ do: 'end', exchange: exchange.id, state: 'TIMED_OUT', reason: 'crash' }] : silent(carried, 'crash').effects, exchange);
      case 'deliver':
      case 'expire':
        return tools.deliver(exchange);
      case 'delivery-unknown':
        return tools.run([{ do: 'end', exchange: exchange.id, state: 'DELIVERY_UNKNOWN', reason: 'crash' }, { do: 'reread-active-profile', session: exchange.session }], exchange);
      case 'nothing':
        return undefined;
      default:
        return remains satisfies never;
    }
  }

  async function carriageOf(exchange: StoredExchange): Promise<Carriage | undefined> {
    const session = await store.first(sessionByKey<OwnSession, Progress>(exchange.session));
    if (!session?.station || !session.evseUid || session.transactionId === undefined || exchange.profileId === undefined) return undefined;
    const sends = (exchange.messageId ? 1 : 0) + (exchange.earlierMessageId ? 1 : 0);
    return {
      exchange,
      station: session.station,
      evseUid: session.evseUid,
      transactionId: session.transactionId,
      profileId: exchange.profileId,
      installed: session.installed?.profile.unit,
      sends,
    };
  }

  return { carry, stationIsBack, late, recover };
}

const carriedOf = ({ exchange, station, installed, sends }: Carriage): Carried => ({
  id: exchange.id,
  side: exchange.side === 'own' ? 'own' : 'carried',
  peer: exchange.peer,
  session: exchange.session,
  station,
  ask: exchange.ask,
  sends,
  installed: installed !== undefined,
});

function requestOf({ exchange: { ask }, evseUid, transactionId, profileId, installed }: Carriage, places: Places): StationRequest | undefined {
  const evse = places.byUid(evseUid)?.evse;
  if (!evse) return undefined;
  switch (ask.kind) {
    case 'set':
      return { kind: 'set-charging-profile', evse, transactionId, profileId, profile: ask.profile };
    case 'clear':
      return { kind: 'clear-charging-profile', evse, profileId, knownInstalled: installed !== undefined };
    case 'get':
      return { kind: 'get-composite-schedule', evse, duration: ask.duration, unit: installed };
    default:
      return ask satisfies never;
  }
}

const wordFor = (heard: StationAnswer): string => ('because' in heard ? `${heard.is} (${heard.because})` : heard.is);
