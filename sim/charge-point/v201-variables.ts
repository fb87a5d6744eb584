import { accept, type Fields, fieldsOf, listOf, type Reply, type StationControls, textOf } from './dialect.ts';

/** The attribute values of each variable, by `Component.Variable` or `Component.Variable[instance]`. */
type Variables = Map<string, Partial<Record<'Actual' | 'MaxSet', string>>>;

/** The variables of a station (OCPP 2.0.1 part 2 §2). */
function variablesOf({ traits, installed, evses, version }: StationControls): Variables {
  const smart = traits.lacksSmartCharging ? [] : smartCharging({ traits, count: installed().length });
  const variables: Variables = new Map([
    ['OCPPCommCtrlr.HeartbeatInterval', { Actual: '300' }],
    ['SampledDataCtrlr.TxUpdatedInterval', { Actual: '60' }],
    ['ChargingStation.AvailabilityState', { Actual: 'Available' }],
    ['SmartChargingCtrlr.Available', { Actual: String(!traits.lacksSmartCharging) }],
    ['SmartChargingCtrlr.Enabled', { Actual: String(!traits.lacksSmartCharging) }],
    ['ChargingStation.EvseCount', { Actual: String(evses.length) }],
    ...smart,
    ...(version === '2.1' && !traits.lacksSmartCharging ? reservedIds(traits) : []),
  ]);
  for (const key of traits.unknownKeys === 'all' ? [...variables.keys()] : traits.unknownKeys) variables.delete(key);
  return variables;
}

function smartCharging({ traits, count }: { traits: StationControls['traits']; count: number }): [string, Partial<Record<'Actual' | 'MaxSet', string>>][] {
  return [
    ['SmartChargingCtrlr.ProfileStackLevel', { Actual: String(traits.maxStackLevel) }],
    ['SmartChargingCtrlr.RateUnit', { Actual: traits.units.join(',') }],
    ['SmartChargingCtrlr.PeriodsPerSchedule', { Actual: String(traits.maxPeriods) }],
    ['SmartChargingCtrlr.Entries[ChargingProfiles]', { Actual: String(count), MaxSet: String(traits.maxProfiles) }],
    ['SmartChargingCtrlr.LimitChangeSignificance', { Actual: '1' }],
    ['SmartChargingCtrlr.NotifyChargingLimitWithSchedules', { Actual: String(traits.limitWithSchedules) }],
    ['SmartChargingCtrlr.ExternalControlSignalsEnabled', { Actual: 'false' }],
    ['SmartChargingCtrlr.Phases3to1', { Actual: 'false' }],
  ];
}

const reservedIds = (traits: StationControls['traits']): [string, { Actual: string }][] => [
  ['SmartChargingCtrlr.MaxExternalConstraintsId', { Actual: String(traits.maxExternalConstraintsId) }],
];

const keyOf = (component: Fields, variable: Fields) => {
  const instance = textOf(variable.instance);
  return `${textOf(component.name) ?? ''}.${textOf(variable.name) ?? ''}${instance === undefined ? '' : `[${instance}]`}`;
};

/** Answers GetVariables: a result for each requested variable, in the same order. */
export function getVariables(payload: Fields, station: StationControls): Reply {
  const known = variablesOf(station);
  const getVariableResult = listOf(payload.getVariableData).map((requested) => {
    const { component, variable } = { component: fieldsOf(requested.component), variable: fieldsOf(requested.variable) };
    const attributeType = requested.attributeType;
    const head = { component, variable, ...(attributeType !== undefined && { attributeType }) };
    return { ...head, ...attribute({ known, key: keyOf(component, variable), type: attributeType }) };
  });
  return accept({ getVariableResult });
}

function attribute({ known, key, type }: { known: Variables; key: string; type: unknown }): object {
  const found = known.get(key);
  const prefix = `${key.split('.')[0]}.`;
  if (!found) return { attributeStatus: [...known.keys()].some((other) => other.startsWith(prefix)) ? 'UnknownVariable' : 'UnknownComponent' };
  const value = type === 'MaxSet' ? found.MaxSet : type === undefined || type === 'Actual' ? found.Actual : undefined;
  return value === undefined ? { attributeStatus: 'NotSupportedAttributeType' } : { attributeStatus: 'Accepted', attributeValue: value };
}

/** Answers SetVariables: accepts known variables, but changes nothing. */
export function setVariables(payload: Fields, station: StationControls): Reply {
  const known = variablesOf(station);
  const setVariableResult = listOf(payload.setVariableData).map((requested) => {
    const { component, variable } = { component: fieldsOf(requested.component), variable: fieldsOf(requested.variable) };
    return { component, variable, attributeStatus: known.has(keyOf(component, variable)) ? 'Accepted' : 'UnknownVariable' };
  });
  return accept({ setVariableResult });
}
