import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { accept, acceptIf, type Dialect, type Fields, fieldsOf, numberOf, type Reply, status, textOf, type Works } from './dialect.ts';
import { type InstalledProfile, matches, type Refusal } from './profiles.ts';
import { reportComposite } from './report-composite.ts';
import { trigger } from './trigger.ts';
import { tellOf } from './v201-messages.ts';
import { PURPOSES, profileOf, refuseShape, wireOf } from './v201-profile.ts';
import { getVariables, setVariables } from './v201-variables.ts';

/** OCPP 2.0.1 as a station speaks it. */
export const v201: Dialect = {
  version: '2.0.1',
  subprotocol: 'ocpp2.0.1',
  namesTransactions: 'station',
  tell: tellOf,
  verdict: (heard) => {
    if (!heard.ok) return { accepted: false };
    const info = fieldsOf(heard.payload).idTokenInfo;
    return { accepted: info === undefined || fieldsOf(info).status === 'Accepted' };
  },
  answers: {
    GetVariables: getVariables,
    SetVariables: setVariables,
    GetBaseReport: () => status('NotSupported'),
    GetReport: () => status('NotSupported'),
    SetChargingProfile: setChargingProfile,
    ClearChargingProfile: clearChargingProfile,
    GetChargingProfiles: getChargingProfiles,
    GetCompositeSchedule: getCompositeSchedule,
    TriggerMessage: triggerMessage,
    RequestStartTransaction: requestStart,
    RequestStopTransaction: (payload, works) => acceptIf(works.stopper(String(payload.transactionId))),
    GetTransactionStatus: transactionStatus,
    Reset: (_, works) => status('Accepted', () => works.reboot()),
    ChangeAvailability: () => status('Accepted'),
    UnlockConnector: () => status('UnlockFailed'),
    ClearCache: () => status('Rejected'),
    DataTransfer: () => status('UnknownVendorId'),
    GetLocalListVersion: () => accept({ versionNumber: 0 }),
    CostUpdated: () => accept({}),
  },
};

const rejected = (reasonCode: Refusal | 'UnsupportedRequest'): Reply => accept({ status: 'Rejected', statusInfo: { reasonCode } });
const unitOf = (value: unknown): RateUnit | undefined => (value === 'A' || value === 'W' ? value : undefined);

function setChargingProfile(payload: Fields, works: Works): Reply {
  const wire = fieldsOf(payload.chargingProfile);
  const refusal = refuseShape(wire) ?? works.install(profileOf(numberOf(payload.evseId) ?? -1, wire));
  return refusal ? rejected(refusal) : status('Accepted', () => works.reconsider());
}

function clearChargingProfile(payload: Fields, works: Works): Reply {
  const id = numberOf(payload.chargingProfileId);
  const criteria = fieldsOf(payload.chargingProfileCriteria);
  const asked = { id, ...placeOf(criteria), evseId: numberOf(criteria.evseId) };
  if (id === undefined && Object.keys(criteria).length === 0) return status('Unknown'); // K10.FR.02: one of them must be there
  return works.clear(asked) > 0 ? status('Accepted', () => works.reconsider()) : status('Unknown');
}

function placeOf(criteria: Fields) {
  const purpose = textOf(criteria.chargingProfilePurpose);
  return { purpose: purpose ? PURPOSES[purpose] : undefined, stackLevel: numberOf(criteria.stackLevel) };
}

function getChargingProfiles(payload: Fields, works: Works): Reply {
  const criteria = fieldsOf(payload.chargingProfile);
  const [ids, sources] = [criteria.chargingProfileId, criteria.chargingLimitSource];
  const asked = {
    ...placeOf(criteria),
    evseId: numberOf(payload.evseId),
    ids: Array.isArray(ids) ? ids.map(Number) : undefined,
    sources: Array.isArray(sources) ? sources.map(String) : undefined,
  };
  const found = works.installed().filter((profile) => matches(profile, asked));
  if (found.length === 0) return status('NoProfiles');
  return status('Accepted', () => report(numberOf(payload.requestId) ?? 0, found, works));
}

/** One message for each source and EVSE, `tbc` on all but the last. */
function report(requestId: number, found: readonly InstalledProfile[], works: Works): void {
  const groups = Map.groupBy(found, ({ source, evseId }) => `${source} ${evseId}`);
  [...groups.values()].forEach((profiles, i) => {
    const [first] = profiles;
    const payload = { requestId, chargingLimitSource: first?.source, evseId: first?.evseId, tbc: i < groups.size - 1, chargingProfile: profiles.map(wireOf) };
    works.say({ action: 'ReportChargingProfiles', payload: () => payload });
  });
}

function getCompositeSchedule(payload: Fields, works: Works): Reply {
  const evseId = numberOf(payload.evseId) ?? -1;
  const unit = unitOf(payload.chargingRateUnit);
  if (unit && !works.traits.units.includes(unit)) return rejected('UnsupportedRateUnit'); // K08.FR.07
  const composite = reportComposite({ evseId, duration: numberOf(payload.duration) ?? 0, unit }, works);
  if (!composite) return rejected('UnknownEvse');
  return accept({ status: 'Accepted', ...(!works.traits.composite.includes('missing-schedule') && { schedule: { evseId, ...composite } }) });
}

function triggerMessage({ evse, requestedMessage }: Fields, works: Works): Reply {
  return trigger({ message: requestedMessage, evseId: numberOf(fieldsOf(evse).id), meters: ['MeterValues', 'TransactionEvent'] }, works);
}

function requestStart(payload: Fields, works: Works): Reply {
  const evseId = numberOf(payload.evseId);
  const token = fieldsOf(payload.idToken);
  const wire = payload.chargingProfile;
  const refusal = wire === undefined ? undefined : refuseShape(fieldsOf(wire));
  if (refusal) return rejected(refusal);
  const profile = wire === undefined ? undefined : profileOf(evseId ?? 0, fieldsOf(wire));
  const badge = { uid: textOf(token.idToken) ?? '', type: textOf(token.type) ?? 'Central' };
  return acceptIf(works.starter({ evseId, badge, remoteStartId: numberOf(payload.remoteStartId) ?? 0, profile }));
}

function transactionStatus(payload: Fields, { outlets }: Works): Reply {
  const id = textOf(payload.transactionId);
  if (id === undefined) return accept({ messagesInQueue: false });
  return accept({ messagesInQueue: false, ongoingIndicator: outlets.some(({ transaction }) => transaction?.id === id) });
}
