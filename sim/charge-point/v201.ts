import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { accept, acceptIf, type Dialect, type Fields, fieldsOf, numberOf, type Reply, type StationControls, status, textOf } from './dialect.ts';
import { type InstalledProfile, matches, type Refusal } from './profiles.ts';
import { reportComposite } from './report-composite.ts';
import { trigger } from './trigger.ts';
import { cancelReservation, reserve, sendLocalList, updateFirmware, uploadLog } from './upkeep.ts';
import { messagesFor } from './v201-messages.ts';
import { PURPOSES, readProfile, refuseShape, writeProfile } from './v201-profile.ts';
import { getVariables, setVariables } from './v201-variables.ts';

/** OCPP 2.0.1 on the station's side. */
export const v201: Dialect = {
  version: '2.0.1',
  subprotocol: 'ocpp2.0.1',
  transactionIdsFrom: 'station',
  messagesFor: messagesFor,
  readAuthorization: (answer) => {
    if (!answer.ok) return { accepted: false };
    const info = fieldsOf(answer.payload).idTokenInfo;
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
    RequestStopTransaction: (payload, station) => acceptIf(station.prepareStop(String(payload.transactionId))),
    GetTransactionStatus: transactionStatus,
    Reset: (_, station) => status('Accepted', () => station.reboot()),
    ChangeAvailability: () => status('Accepted'),
    UnlockConnector: () => status('UnlockFailed'),
    ClearCache: () => status('Rejected'),
    DataTransfer: () => status('UnknownVendorId'),
    GetLocalListVersion: (_, station) => accept({ versionNumber: station.localListVersion() }),
    SendLocalList: sendLocalList,
    ReserveNow: (payload, station) => reserve({ id: payload.id, evseId: payload.evseId, uid: fieldsOf(payload.idToken).idToken }, station),
    CancelReservation: cancelReservation,
    UpdateFirmware: (payload, station) => updateFirmware({ status: 'Accepted' }, numberOf(payload.requestId), station),
    GetLog: (payload, station) =>
      uploadLog({ status: 'Accepted', filename: 'station.log' }, { action: 'LogStatusNotification', requestId: numberOf(payload.requestId) }, station),
    CostUpdated: () => accept({}),
  },
};

const rejected = (reasonCode: Refusal | 'UnsupportedRequest'): Reply => accept({ status: 'Rejected', statusInfo: { reasonCode } });
const unitOf = (value: unknown): RateUnit | undefined => (value === 'A' || value === 'W' ? value : undefined);

function setChargingProfile(payload: Fields, station: StationControls): Reply {
  const wire = fieldsOf(payload.chargingProfile);
  const refusal = refuseShape(wire) ?? station.install(readProfile(numberOf(payload.evseId) ?? -1, wire));
  return refusal ? rejected(refusal) : status('Accepted', () => station.updateAll());
}

function clearChargingProfile(payload: Fields, station: StationControls): Reply {
  const id = numberOf(payload.chargingProfileId);
  const wire = fieldsOf(payload.chargingProfileCriteria);
  if (id === undefined && Object.keys(wire).length === 0) return status('Unknown'); // K10.FR.02: id or criteria are required
  const criteria = { id, ...criteriaOf(wire), evseId: numberOf(wire.evseId) };
  return station.clear(criteria) > 0 ? status('Accepted', () => station.updateAll()) : status('Unknown');
}

function criteriaOf(wire: Fields) {
  const purpose = textOf(wire.chargingProfilePurpose);
  return { purpose: purpose ? PURPOSES[purpose] : undefined, stackLevel: numberOf(wire.stackLevel) };
}

function getChargingProfiles(payload: Fields, station: StationControls): Reply {
  const wire = fieldsOf(payload.chargingProfile);
  const [ids, sources] = [wire.chargingProfileId, wire.chargingLimitSource];
  const criteria = {
    ...criteriaOf(wire),
    evseId: numberOf(payload.evseId),
    ids: Array.isArray(ids) ? ids.map(Number) : undefined,
    sources: Array.isArray(sources) ? sources.map(String) : undefined,
  };
  const found = station.installed().filter((profile) => matches(profile, criteria));
  if (found.length === 0) return status('NoProfiles');
  return status('Accepted', () => report(numberOf(payload.requestId) ?? 0, found, station));
}

/** Sends one ReportChargingProfiles for each source and EVSE, with `tbc` on all but the last. */
function report(requestId: number, found: readonly InstalledProfile[], station: StationControls): void {
  const groups = Map.groupBy(found, ({ source, evseId }) => `${source} ${evseId}`);
  [...groups.values()].forEach((profiles, i) => {
    const [first] = profiles;
    const payload = {
      requestId,
      chargingLimitSource: first?.source,
      evseId: first?.evseId,
      tbc: i < groups.size - 1,
      chargingProfile: profiles.map(writeProfile),
    };
    station.send({ action: 'ReportChargingProfiles', payload: () => payload });
  });
}

function getCompositeSchedule(payload: Fields, station: StationControls): Reply {
  const evseId = numberOf(payload.evseId) ?? -1;
  const unit = unitOf(payload.chargingRateUnit);
  if (unit && !station.traits.units.includes(unit)) return rejected('UnsupportedRateUnit'); // K08.FR.07
  const composite = reportComposite({ evseId, duration: numberOf(payload.duration) ?? 0, unit }, station);
  if (!composite) return rejected('UnknownEvse');
  return accept({ status: 'Accepted', ...(!station.traits.composite.includes('missing-schedule') && { schedule: { evseId, ...composite } }) });
}

function triggerMessage({ evse, requestedMessage }: Fields, station: StationControls): Reply {
  return trigger({ message: requestedMessage, evseId: numberOf(fieldsOf(evse).id), meterMessages: ['MeterValues', 'TransactionEvent'] }, station);
}

function requestStart(payload: Fields, station: StationControls): Reply {
  const evseId = numberOf(payload.evseId);
  const token = fieldsOf(payload.idToken);
  const wire = payload.chargingProfile;
  const refusal = wire === undefined ? undefined : refuseShape(fieldsOf(wire));
  if (refusal) return rejected(refusal);
  const profile = wire === undefined ? undefined : readProfile(evseId ?? 0, fieldsOf(wire));
  const idToken = { uid: textOf(token.idToken) ?? '', type: textOf(token.type) ?? 'Central' };
  return acceptIf(station.prepareStart({ evseId, idToken, remoteStartId: numberOf(payload.remoteStartId) ?? 0, profile }));
}

function transactionStatus(payload: Fields, { evses }: StationControls): Reply {
  const id = textOf(payload.transactionId);
  if (id === undefined) return accept({ messagesInQueue: false });
  return accept({ messagesInQueue: false, ongoingIndicator: evses.some(({ transaction }) => transaction?.id === id) });
}
