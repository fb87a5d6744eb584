import { phasesOf } from '../../src/domain/evse.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import {
  accept,
  acceptIf,
  compact,
  type Dialect,
  type EndReason,
  type Fields,
  fieldsOf,
  type Happening,
  numberOf,
  type Reply,
  stamp,
  status,
  textOf,
  type Works,
} from './dialect.ts';
import type { Saying } from './ocpp-client.ts';
import { type CompositeRequest, reportComposite } from './report-composite.ts';
import type { Outlet, Transaction } from './simulated-evse.ts';
import { trigger } from './trigger.ts';
import { PURPOSES, profileOf } from './v16-profile.ts';

/** OCPP 1.6J as a station speaks it. */
export const v16: Dialect = {
  version: '1.6',
  subprotocol: 'ocpp1.6',
  namesTransactions: 'node',
  tell: (happening, now) => [...tell(happening, stamp(now))],
  verdict: (heard) => {
    if (!heard.ok) return { accepted: false };
    const answer = fieldsOf(heard.payload);
    const transactionId = numberOf(answer.transactionId);
    return compact({
      accepted: fieldsOf(answer.idTagInfo).status === 'Accepted',
      transactionId: transactionId === undefined ? undefined : String(transactionId),
    });
  },
  answers: {
    GetConfiguration: getConfiguration,
    ChangeConfiguration: (payload, works) => status(configuration(works).has(textOf(payload.key) ?? '') ? 'Accepted' : 'NotSupported'),
    SetChargingProfile: setChargingProfile,
    ClearChargingProfile: clearChargingProfile,
    GetCompositeSchedule: getCompositeSchedule,
    TriggerMessage: triggerMessage,
    RemoteStartTransaction: remoteStart,
    RemoteStopTransaction: (payload, works) => acceptIf(works.stopper(String(payload.transactionId))),
    Reset: (_, works) => status('Accepted', () => works.reboot()),
    ChangeAvailability: () => status('Accepted'),
    UnlockConnector: () => status('NotSupported'),
    ClearCache: () => status('Rejected'),
    DataTransfer: () => status('UnknownVendorId'),
    GetLocalListVersion: () => accept({ listVersion: -1 }),
    SendLocalList: () => status('NotSupported'),
  },
};

const later = (action: string, payload: object): Saying => ({ action, payload: () => payload });
const kept = (action: string, payload: () => object): Saying => ({ action, payload, keep: true });

function* tell(happening: Happening, timestamp: string): Generator<Saying> {
  switch (happening.kind) {
    case 'booted':
      yield { ...later('BootNotification', { chargePointVendor: 'Evenkeel', chargePointModel: 'Street 16', firmwareVersion: '1.0' }), early: true };
      break;
    case 'heartbeat':
      yield later('Heartbeat', {});
      break;
    case 'presented':
      yield later('Authorize', { idTag: happening.badge.uid });
      break;
    case 'status':
    case 'state-changed':
      yield later('StatusNotification', statusOf(happening.outlet, timestamp));
      break;
    case 'started':
      yield kept('StartTransaction', startOf(happening, timestamp));
      break;
    case 'sampled':
      yield kept('MeterValues', samplesOf(happening, timestamp));
      break;
    case 'ended':
      yield kept('StopTransaction', stopOf(happening, timestamp));
      break;
    case 'rate-changed':
    case 'limited':
    case 'unlimited':
      break; // OCPP 1.6 has no word for these
    default:
      happening satisfies never;
  }
}

function statusOf({ plan, car, transaction, served }: Outlet, timestamp: string): object {
  const free = !car ? 'Available' : served ? 'Finishing' : 'Preparing';
  const word = transaction && transaction.state !== 'EVConnected' ? transaction.state : free;
  return { connectorId: plan.evseId, errorCode: 'NoError', status: word, timestamp };
}

function startOf({ outlet, transaction }: { outlet: Outlet; transaction: Transaction }, timestamp: string): () => object {
  const { reservationId, badge } = transaction;
  const payload = compact({ connectorId: outlet.plan.evseId, idTag: badge.uid, meterStart: Math.round(outlet.meter), timestamp, reservationId });
  return () => payload;
}

function samplesOf(
  { outlet, transaction, because }: { outlet: Outlet; transaction: Transaction; because: 'clock' | 'trigger' },
  timestamp: string,
): () => object {
  const context = because === 'clock' ? 'Sample.Periodic' : 'Trigger';
  const sampledValue = sample(outlet).map(({ measurand, value, unit }) => ({ value: String(value), context, measurand, unit }));
  return () =>
    compact({
      connectorId: outlet.plan.evseId,
      transactionId: transaction.id === undefined ? undefined : Number(transaction.id),
      meterValue: [{ timestamp, sampledValue }],
    });
}

const REASONS: Record<EndReason, string> = {
  EVDisconnected: 'EVDisconnected',
  SOCLimitReached: 'Other',
  Remote: 'Remote',
  Reboot: 'Reboot',
  Local: 'Local',
  DeAuthorized: 'DeAuthorized',
};

function stopOf({ outlet, transaction, because }: { outlet: Outlet; transaction: Transaction; because: EndReason }, timestamp: string): () => object {
  const payload = { meterStop: Math.round(outlet.meter), timestamp, idTag: transaction.badge.uid, reason: REASONS[because] };
  return () => ({ ...payload, transactionId: Number(transaction.id ?? -1) });
}

/** What the meter shows, in the words that all versions share. */
export function sample({ meter, power, offer, plan }: Outlet): { measurand: string; value: number; unit: string }[] {
  const phases = phasesOf(plan.powerType);
  const current = power / (plan.maxVoltage * phases);
  const offered =
    offer.kind === 'AC' ? { measurand: 'Current.Offered', value: offer.limit, unit: 'A' } : { measurand: 'Power.Offered', value: offer.limit, unit: 'W' };
  return [
    { measurand: 'Energy.Active.Import.Register', value: meter, unit: 'Wh' },
    { measurand: 'Power.Active.Import', value: power, unit: 'W' },
    { measurand: 'Current.Import', value: current, unit: 'A' },
    offered,
  ].map((reading) => ({ ...reading, value: Math.round(reading.value * 10) / 10 }));
}

function configuration({ traits, outlets }: Works): Map<string, string> {
  const keys = new Map([
    ['NumberOfConnectors', String(outlets.length)],
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

function getConfiguration(payload: Fields, works: Works): Reply {
  const known = configuration(works);
  const asked = Array.isArray(payload.key) && payload.key.length > 0 ? payload.key.map(String) : [...known.keys()];
  const configurationKey = asked.flatMap((key) => (known.has(key) ? [{ key, readonly: true, value: known.get(key) }] : []));
  const unknownKey = asked.filter((key) => !known.has(key));
  return accept({ configurationKey, ...(unknownKey.length > 0 && { unknownKey }) });
}

function setChargingProfile(payload: Fields, works: Works): Reply {
  const profile = profileOf(numberOf(payload.connectorId) ?? -1, fieldsOf(payload.csChargingProfiles));
  const refusal = works.install(profile);
  if (refusal === 'UnknownEvse') return { ok: false, code: 'PropertyConstraintViolation', description: `There is no connector ${profile.evseId}.` }; // errata 3.38
  return refusal ? status('Rejected') : status('Accepted', () => works.reconsider());
}

function clearChargingProfile(payload: Fields, works: Works): Reply {
  const purpose = textOf(payload.chargingProfilePurpose);
  const asked = {
    id: numberOf(payload.id),
    evseId: numberOf(payload.connectorId),
    stackLevel: numberOf(payload.stackLevel),
    purpose: purpose ? PURPOSES[purpose] : undefined,
  };
  return works.clear(asked) > 0 ? status('Accepted', () => works.reconsider()) : status('Unknown');
}

function getCompositeSchedule(payload: Fields, works: Works): Reply {
  const unit: RateUnit | undefined = payload.chargingRateUnit === 'A' || payload.chargingRateUnit === 'W' ? payload.chargingRateUnit : undefined;
  const asked: CompositeRequest = { evseId: numberOf(payload.connectorId) ?? -1, duration: numberOf(payload.duration) ?? 0, unit };
  const composite = reportComposite(asked, works);
  if (!composite) return status('Rejected');
  const { scheduleStart, ...schedule } = composite;
  const quirks = works.traits.composite;
  return accept({
    status: 'Accepted',
    connectorId: asked.evseId,
    ...(!quirks.includes('no-schedule-start') && { scheduleStart }),
    ...(!quirks.includes('missing-schedule') && {
      chargingSchedule: { ...schedule, ...(quirks.includes('start-schedule-inside') && { startSchedule: scheduleStart }) },
    }),
  });
}

function triggerMessage({ connectorId, requestedMessage }: Fields, works: Works): Reply {
  return trigger({ message: requestedMessage, evseId: numberOf(connectorId), meters: ['MeterValues'] }, works);
}

function remoteStart(payload: Fields, works: Works): Reply {
  const evseId = numberOf(payload.connectorId);
  const wire = payload.chargingProfile;
  const profile = wire === undefined ? undefined : profileOf(evseId ?? 0, fieldsOf(wire));
  return acceptIf(works.starter({ evseId, badge: { uid: textOf(payload.idTag) ?? '', type: 'Central' }, profile }));
}
