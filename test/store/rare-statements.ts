import { driverId, exchangeId, locationKey, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { epochMicros, epochMillis, epochSeconds, seconds } from '../../src/domain/units.ts';
import {
  limitUnknown,
  limitUnknownEvent,
  profileReplaced,
  setActiveProfile,
  setActiveProfileReadAt,
  unknownLimits,
  unknownLimitsAt,
} from '../../src/store/sql/active-profile.ts';
import { contractsEnding, dropAlarm, unknownLimitSessions } from '../../src/store/sql/alarm.ts';
import { auditAfter, newestAuditOf } from '../../src/store/sql/audit.ts';
import { addSiteEvidence, asksBetween, evidenceOfSession, evidenceOfSite, samplesOf, sessionsWithSamples } from '../../src/store/sql/evidence.ts';
import { moveDeadlines, recordLateResult } from '../../src/store/sql/exchange.ts';
import { exchangesByPrefix, newestExchanges, profileSetByUs, resultHashOf, sessionsAskedByOperator } from '../../src/store/sql/exchange-list.ts';
import { firstSteps } from '../../src/store/sql/first-steps.ts';
import { doubtInputs, runningInputs } from '../../src/store/sql/input.ts';
import {
  addKeptMessage,
  countKeptMessages,
  dropKeptMessage,
  dropOldKeptMessages,
  dropReplacedMessage,
  endProvisionalId,
  firstKeptMessage,
  forgetProvisionalIds,
  lastKeptMessage,
  provisionalIds,
  saveProvisionalId,
} from '../../src/store/sql/kept-message.ts';
import { letInOf, saveLetIn } from '../../src/store/sql/let-in.ts';
import { dropRemoteEvse } from '../../src/store/sql/location-evse.ts';
import { savePreference } from '../../src/store/sql/preference.ts';
import { dropPush } from '../../src/store/sql/push.ts';
import { forgetRelayed } from '../../src/store/sql/relayed.ts';
import { inputsByKeys, runningSessions, sessionsByKeys } from '../../src/store/sql/running-session.ts';
import {
  newestSessions,
  runningAtEvseId,
  runningAtPlace,
  runningOwn,
  runningTransactions,
  sessionsByPrefix,
  sessionsOfDriver,
  steeredSessions,
} from '../../src/store/sql/session.ts';
import { sessionExists, tokenPartyOf } from '../../src/store/sql/session-rights.ts';
import { addShadow, addShadowDay, forgetShadow, shadowDays, shadowEntries, shadowTotals } from '../../src/store/sql/shadow.ts';
import {
  asksEndedBefore,
  buildingsAt,
  confirmedBefore,
  imposedOnSite,
  oldestRead,
  samplesBefore,
  sessionsOfStation,
  unknownBefore,
} from '../../src/store/sql/site-day.ts';
import { answeredLimits } from '../../src/store/sql/site-limit-past.ts';
import { endPartySteering, endPeerSteeringOf, markDroppedStale, markPartyStale, markStale, sessionsToldTo, steeringNow } from '../../src/store/sql/steering.ts';
import { forgetOrphanedTokens, forgetTokensOf, ownTokensOfDriver, saveTokenPush, tokensOfDriver, tokensToPush } from '../../src/store/sql/token.ts';
import { approveTokenClaim, countTokenClaims, tokenClaims } from '../../src/store/sql/token-claim.ts';
import { encryptEvent, encryptPush, encryptSession, unencryptedEvents, unencryptedPushes, unencryptedSessions } from '../../src/store/sql/unencrypted-row.ts';
import type { Write } from '../../src/store/store.ts';

const session = sessionKey('NL', 'EVK', 'S1');
const party = partyKey('NL', 'SCS');
const peer = peerId('NL*SCS');
const driver = driverId('driver');
const station = stationId('CP1');
const body = '{}';
const active = { unit: 'A', start: epochSeconds(0), duration: seconds(900), periods: [] } as const;
const window = { from: epochMillis(0), to: epochMillis(1), limit: 100 };

/** Statements over tables that grow, of errors, commands and updates from earlier releases: the nodes of busy-nodes.ts do not run them. */
export const rareStatements: readonly Write[] = [
  addKeptMessage({
    station,
    isFirst: true,
    replaces: 'boot',
    action: 'BootNotification',
    messageId: '1',
    keptAt: epochMillis(0),
    provisional: undefined,
    body,
  }),
  dropReplacedMessage(station, 'boot'),
  dropKeptMessage(station, 1),
  dropOldKeptMessages(station, epochMillis(1)),
  firstKeptMessage(station),
  lastKeptMessage(station),
  letInOf(station),
  saveLetIn(station, { protocol: 'ocpp1.6', proof: 'x' }, epochMillis(0)),
  countKeptMessages(station),
  saveProvisionalId(station, { provisional: 1, csms: undefined }),
  endProvisionalId(station, 1, epochMillis(1)),
  provisionalIds(station),
  forgetProvisionalIds(epochMillis(1)),
  addShadow({
    at: epochMillis(0),
    kind: 'set',
    station: stationId('CP1'),
    evse: 'E1',
    session,
    party,
    site: undefined,
    exchange: undefined,
    asked: {},
    limit: undefined,
    metered: undefined,
  }),
  addShadowDay({
    day: epochMillis(0),
    kind: 'station',
    name: 'CP1',
    site: '',
    sets: 0,
    clears: 0,
    gets: 0,
    siteLimits: 0,
    refused: 0,
    measuredS: 0,
    loweredMwh: 0,
    loweredPeakW: 0,
    aboveS: 0,
    abovePeakMa: 0,
    abovePeakW: 0,
  }),
  shadowEntries({ ...window, before: 1_000 }),
  shadowEntries({ ...window, before: 1_000, station: stationId('CP1') }),
  shadowDays({ ...window, before: 1_000 }),
  shadowTotals(window),
  ...forgetShadow(epochMillis(0)),
  auditAfter(0, 100),
  newestAuditOf('u-1', { before: 1_000_000, floor: 1, limit: 100 }),
  dropAlarm('station-away:CP1'),
  firstSteps,
  contractsEnding({ from: epochMillis(0), to: epochMillis(1), limit: 100 }),
  unknownLimitSessions(100),
  dropRemoteEvse(locationKey('NL', 'CPO', 'LOC1'), 'E1'),
  exchangesByPrefix('0193', 0, 20),
  resultHashOf(exchangeId('exchange')),
  profileSetByUs(session),
  newestExchanges({ floor: 0, before: 1, limit: 100, station: stationId('CP1') }),
  newestExchanges({ floor: 0, before: 1, limit: 100, outcome: 'REJECTED' }),
  newestExchanges({ floor: 0, before: 1, limit: 100, station: stationId('CP1'), outcome: 'UNCERTAIN' }),
  sessionsByPrefix<unknown, unknown>('0193', 0, 20),
  runningAtPlace<unknown, unknown>('CP001', 20),
  runningAtEvseId<unknown, unknown>('NL*EVK*E1', 20),
  recordLateResult(exchangeId('exchange'), { outcome: { result: 'ACCEPTED' }, reason: 'late' }),
  savePreference(session, { profileType: 'FAST', dischargeAllowed: false }, epochMillis(0)),
  dropPush(session, party),
  forgetRelayed(session, party),
  sessionExists('S1'),
  tokenPartyOf('S1'),
  moveDeadlines(1),
  addSiteEvidence('GARAGE', epochMillis(0), { kind: 'ordered', evse: 'E1', a: 6 }),
  asksBetween(session, window),
  evidenceOfSession(session, window),
  evidenceOfSite('GARAGE', window),
  answeredLimits('E1', { before: epochMillis(1), limit: 100 }),
  samplesOf(session, window),
  samplesBefore(session, epochMillis(1), 2),
  sessionsOfStation<unknown, unknown>(stationId('CP1'), window),
  imposedOnSite('GARAGE', 100),
  oldestRead('GARAGE', 100),
  buildingsAt('GARAGE', window),
  confirmedBefore(session, epochMillis(1)),
  unknownBefore(session, epochMillis(1)),
  asksEndedBefore(session, epochMillis(1), 100),
  sessionsWithSamples(window),
  runningOwn(),
  runningSessions(0, 100),
  sessionsByKeys([session]),
  inputsByKeys([session]),
  newestSessions({ before: 1, floor: 0, limit: 100, parties: [party], party, station: 'CP-1', q: 'A' }),
  newestSessions({ before: 1, floor: 0, limit: 100, parties: 'all', status: 'COMPLETED', party }),
  newestSessions({ before: 1, floor: 0, limit: 100, parties: 'all', status: 'ACTIVE', party, station: 'CP-1' }),
  runningTransactions,
  runningInputs(),
  runningInputs(party),
  steeredSessions(),
  steeringNow,
  sessionsAskedByOperator,
  sessionsOfDriver(driver, 0, 100),
  endPeerSteeringOf(session, peer),
  endPartySteering(session, party),
  markStale(session, party),
  markDroppedStale(session),
  markDroppedStale(session, party),
  markPartyStale(party),
  sessionsToldTo(party),
  limitUnknown(session, epochMillis(0)),
  limitUnknownEvent(session, epochMillis(0)),
  profileReplaced(session, epochMillis(0)),
  setActiveProfile(session, active),
  setActiveProfileReadAt(session, active, epochMillis(0)),
  unknownLimits,
  unknownLimitsAt(stationId('CP-1')),
  doubtInputs(session, undefined),
  doubtInputs(session, party),
  ...forgetTokensOf(driver),
  ownTokensOfDriver(driver, 'RFID'),
  forgetOrphanedTokens(party),
  tokensOfDriver(driver),
  tokensToPush({ peer, behind: party }, { after: 0, limit: 100 }),
  saveTokenPush({ id: peer, registeredAt: 1 }, party, { seq: 1, party, driver, own: true, lastUpdated: epochMicros(1), body }),
  tokenClaims({ before: 1, limit: 100 }),
  countTokenClaims,
  approveTokenClaim(1),
  unencryptedSessions(0),
  unencryptedPushes({ session, party }),
  unencryptedEvents(0),
  encryptSession({ seq: 1, key: session, station: undefined, body, progress: undefined, driver }, driver, undefined),
  encryptPush({ session, party, body, driver }),
  encryptEvent({ seq: 1, body, driver }),
];
