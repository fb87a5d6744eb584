import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { accept, acceptIf, compact, type Dialect, type Fields, fieldsOf, numberOf, type Reply, type StationControls, status, textOf } from './dialect.ts';
import { type CompositeRequest, reportComposite } from './report-composite.ts';
import { trigger } from './trigger.ts';
import { cancelReservation, reserve, sendLocalList, updateFirmware, uploadLog } from './upkeep.ts';
import { messagesFor } from './v16-messages.ts';
import { PURPOSES, readProfile } from './v16-profile.ts';

/** OCPP 1.6J on the station's side. */
export const v16: Dialect = {
  version: '1.6',
  subprotocol: 'ocpp1.6',
  transactionIdsFrom: 'node',
  messagesFor,
  readAuthorization: (answer) => {
    if (!answer.ok) return { accepted: false };
    const { idTagInfo, transactionId } = fieldsOf(answer.payload);
    const id = numberOf(transactionId);
    return compact({ accepted: fieldsOf(idTagInfo).status === 'Accepted', transactionId: id === undefined ? undefined : String(id) });
  },
  answers: {
    GetConfiguration: getConfiguration,
    ChangeConfiguration: (payload, station) => status(configuration(station).has(textOf(payload.key) ?? '') ? 'Accepted' : 'NotSupported'),
    SetChargingProfile: setChargingProfile,
    ClearChargingProfile: clearChargingProfile,
    GetCompositeSchedule: getCompositeSchedule,
    TriggerMessage: triggerMessage,
    RemoteStartTransaction: remoteStart,
    RemoteStopTransaction: (payload, station) => acceptIf(station.prepareStop(String(payload.transactionId))),
    Reset: (_, station) => status('Accepted', () => station.reboot()),
    ChangeAvailability: () => status('Accepted'),
    UnlockConnector: () => status('NotSupported'),
    ClearCache: () => status('Rejected'),
    DataTransfer: () => status('UnknownVendorId'),
    GetLocalListVersion: (_, station) => accept({ listVersion: station.localListVersion() }),
    SendLocalList: sendLocalList,
    ReserveNow: (payload, station) => reserve({ id: payload.reservationId, evseId: payload.connectorId, uid: payload.idTag }, station),
    CancelReservation: cancelReservation,
    UpdateFirmware: (_, station) => updateFirmware({}, undefined, station),
    GetDiagnostics: (_, station) => uploadLog({ fileName: 'diagnostics.log' }, { action: 'DiagnosticsStatusNotification' }, station),
  },
};

function configuration({ traits, evses }: StationControls): Map<string, string> {
  const keys = new Map([
    ['NumberOfConnectors', String(evses.length)],
    ['HeartbeatInterval', '300'],
    ['MeterValueSampleInterval', '60'],
    ['MeterValuesSampledData', 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Current.Offered,Power.Offered'],
    ['SupportedFeatureProfiles', traits.lacksSmartCharging ? 'Core,RemoteTrigger' : 'Core,RemoteTrigger,SmartCharging'],
  ]);
  if (!traits.lacksSmartCharging) {
    keys.set('ChargeProfileMaxStackLevel', String(traits.maxStackLevel));
    keys.set('ChargingScheduleAllowedChargingRateUnit', traits.units.map((unit) => (unit === 'A' ? 'Current' : 'Power')).join(','));
    keys.set('ChargingScheduleMaxPeriods', String(traits.maxPeriods));
    keys.set('MaxChargingProfilesInstalled', String(traits.maxProfiles));
    keys.set('ConnectorSwitch3to1PhaseSupported', 'false');
  }
  for (const key of traits.unknownKeys === 'all' ? [...keys.keys()] : traits.unknownKeys) keys.delete(key);
  return keys;
}

function getConfiguration(payload: Fields, station: StationControls): Reply {
  const known = configuration(station);
  const requested = Array.isArray(payload.key) && payload.key.length > 0 ? payload.key.map(String) : [...known.keys()];
  const configurationKey = requested.flatMap((key) => (known.has(key) ? [{ key, readonly: true, value: known.get(key) }] : []));
  const unknownKey = requested.filter((key) => !known.has(key));
  return accept({ configurationKey, ...(unknownKey.length > 0 && { unknownKey }) });
}

function setChargingProfile(payload: Fields, station: StationControls): Reply {
  const profile = readProfile(numberOf(payload.connectorId) ?? -1, fieldsOf(payload.csChargingProfiles));
  const refusal = station.install(profile);
  // OCPP 1.6 errata 3.38.
  if (refusal === 'UnknownEvse') return { ok: false, code: 'PropertyConstraintViolation', description: `There is no connector ${profile.evseId}.` };
  return refusal ? status('Rejected') : status('Accepted', () => station.updateAll());
}

function clearChargingProfile(payload: Fields, station: StationControls): Reply {
  const purpose = textOf(payload.chargingProfilePurpose);
  const criteria = {
    id: numberOf(payload.id),
    evseId: numberOf(payload.connectorId),
    stackLevel: numberOf(payload.stackLevel),
    purpose: purpose ? PURPOSES[purpose] : undefined,
  };
  return station.clear(criteria) > 0 ? status('Accepted', () => station.updateAll()) : status('Unknown');
}

function getCompositeSchedule(payload: Fields, station: StationControls): Reply {
  const unit: RateUnit | undefined = payload.chargingRateUnit === 'A' || payload.chargingRateUnit === 'W' ? payload.chargingRateUnit : undefined;
  const request: CompositeRequest = { evseId: numberOf(payload.connectorId) ?? -1, duration: numberOf(payload.duration) ?? 0, unit };
  const composite = reportComposite(request, station);
  if (!composite) return status('Rejected');
  const { scheduleStart, ...schedule } = composite;
  const quirks = station.traits.composite;
  return accept({
    status: 'Accepted',
    connectorId: request.evseId,
    ...(!quirks.includes('no-schedule-start') && { scheduleStart }),
    ...(!quirks.includes('missing-schedule') && {
      chargingSchedule: { ...schedule, ...(quirks.includes('start-schedule-inside') && { startSchedule: scheduleStart }) },
    }),
  });
}

function triggerMessage({ connectorId, requestedMessage }: Fields, station: StationControls): Reply {
  return trigger({ message: requestedMessage, evseId: numberOf(connectorId), meterMessages: ['MeterValues'] }, station);
}

function remoteStart(payload: Fields, station: StationControls): Reply {
  const evseId = numberOf(payload.connectorId);
  const wire = payload.chargingProfile;
  const profile = wire === undefined ? undefined : readProfile(evseId ?? 0, fieldsOf(wire));
  return acceptIf(station.prepareStart({ evseId, idToken: { uid: textOf(payload.idTag) ?? '', type: 'Central' }, profile }));
}
