import { accept, type Fields, fieldsOf, listOf, type Reply, textOf, type Works } from './dialect.ts';

/** `Component.Variable` or `Component.Variable[instance]` -> what each attribute says. */
type Variables = Map<string, Partial<Record<'Actual' | 'MaxSet', string>>>;

/** What a station of OCPP 2.x says of itself (OCPP 2.0.1 part 2 §2). */
function variablesOf({ traits, installed, outlets, version }: Works): Variables {
  const smart = traits.lacksSmartCharging ? [] : smartCharging({ traits, count: installed().length });
  const variables: Variables = new Map([
    ['OCPPCommCtrlr.HeartbeatInterval', { Actual: '300' }],
    ['SampledDataCtrlr.TxUpdatedInterval', { Actual: '60' }],
    ['ChargingStation.AvailabilityState', { Actual: 'Available' }],
    ['SmartChargingCtrlr.Available', { Actual: String(!traits.lacksSmartCharging) }],
    ['SmartChargingCtrlr.Enabled', { Actual: String(!traits.lacksSmartCharging) }],
    ['ChargingStation.EvseCount', { Actual: String(outlets.length) }],
    ...smart,
    ...(version === '2.1' && !traits.lacksSmartCharging ? ownIds(traits) : []),
  ]);
  for (const key of traits.unknownKeys === 'all' ? [...variables.keys()] : traits.unknownKeys) variables.delete(key);
  return variables;
}

function smartCharging({ traits, count }: { traits: Works['traits']; count: number }): [string, Partial<Record<'Actual' | 'MaxSet', string>>][] {
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

const ownIds = (traits: Works['traits']): [string, { Actual: string }][] => [
  ['SmartChargingCtrlr.MaxExternalConstraintsId', { Actual: String(traits.maxExternalConstraintsId) }],
];

const keyOf = (component: Fields, variable: Fields) => {
  const instance = textOf(variable.instance);
  return `${textOf(component.name) ?? ''}.${textOf(variable.name) ?? ''}${instance === undefined ? '' : `[${instance}]`}`;
};

/** Answers each variable asked for, in order. */
export function getVariables(payload: Fields, works: Works): Reply {
  const known = variablesOf(works);
  const getVariableResult = listOf(payload.getVariableData).map((asked) => {
    const { component, variable } = { component: fieldsOf(asked.component), variable: fieldsOf(asked.variable) };
    const attributeType = asked.attributeType;
    const echo = { component, variable, ...(attributeType !== undefined && { attributeType }) };
    return { ...echo, ...attribute({ known, key: keyOf(component, variable), type: attributeType }) };
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

/** Takes what it knows; nothing changes, a simulated station being as it was described. */
export function setVariables(payload: Fields, works: Works): Reply {
  const known = variablesOf(works);
  const setVariableResult = listOf(payload.setVariableData).map((asked) => {
    const { component, variable } = { component: fieldsOf(asked.component), variable: fieldsOf(asked.variable) };
    return { component, variable, attributeStatus: known.has(keyOf(component, variable)) ? 'Accepted' : 'UnknownVariable' };
  });
  return accept({ setVariableResult });
}
