import type { GetVariablesRequest, GetVariablesResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { assumedAbilities, readCount } from '../abilities.ts';
import type { AbilityQuery } from '../dialect.ts';
import type { Abilities, AbilityName } from '../station.ts';

type Variable = GetVariablesRequest['getVariableData'][number];

const component = { name: 'SmartChargingCtrlr' };
const variable = (name: string): Variable => ({ component, variable: { name } });

/** The variables of SmartChargingCtrlr that state the abilities (OCPP 2.0.1 part 2, appendices §2.11). */
export const variables: [Variable, ...Variable[]] = [
  variable('Enabled'),
  variable('Available'),
  variable('RateUnit'),
  variable('ProfileStackLevel'),
  variable('PeriodsPerSchedule'),
  // The actual value is the number of installed profiles; MaxSet is the maximum.
  { component, variable: { name: 'Entries', instance: 'ChargingProfiles' }, attributeType: 'MaxSet' },
];

const abilityOfVariable: Readonly<Record<string, AbilityName>> = {
  enabled: 'smartCharging',
  available: 'smartCharging',
  rateunit: 'units',
  profilestacklevel: 'maxStackLevel',
  periodsperschedule: 'maxPeriods',
  entries: 'maxProfiles',
};

/** Asks for the abilities by variables. For a variable that the station does not know, the assumed ability stays. */
export const abilityQuery = abilityQueryFor(variables, toAbilities);

/** Makes an AbilityQuery from the requested variables and a function that reads their values, by variable name in lower case. */
export function abilityQueryFor(requested: GetVariablesRequest['getVariableData'], read: (values: ReadonlyMap<string, string>) => Abilities): AbilityQuery {
  return {
    call: { action: 'GetVariables', payload: { getVariableData: requested } satisfies GetVariablesRequest },
    read: (payload, schemas) => {
      const checked = schemas.check<GetVariablesResponse>('GetVariablesResponse', payload);
      return checked.ok ? ok(read(valuesIn(checked.value))) : checked;
    },
    statedIn: (payload, schemas) => {
      const checked = schemas.check<GetVariablesResponse>('GetVariablesResponse', payload);
      const names = checked.ok ? [...valuesIn(checked.value).keys()] : [];
      return names.flatMap((name) => abilityOfVariable[name] ?? []);
    },
  };
}

function valuesIn({ getVariableResult }: GetVariablesResponse): ReadonlyMap<string, string> {
  const accepted = getVariableResult.filter(({ attributeStatus }) => attributeStatus === 'Accepted');
  return new Map(accepted.map((it) => [it.variable.name.toLowerCase(), it.attributeValue ?? '']));
}

/** Reads the variables that OCPP 2.0.1 and 2.1 have in common. */
export function toAbilities(values: ReadonlyMap<string, string>): Abilities {
  const isFalse = (name: string) => values.get(name)?.trim().toLowerCase() === 'false';
  const most = readCount(values.get('entries'));
  return {
    smartCharging: !isFalse('enabled') && !isFalse('available'),
    ...toUnits(values.get('rateunit')),
    maxStackLevel: readCount(values.get('profilestacklevel')) ?? assumedAbilities.maxStackLevel,
    maxPeriods: readCount(values.get('periodsperschedule')) || assumedAbilities.maxPeriods,
    minProfileId: assumedAbilities.minProfileId,
    ...(most === undefined ? {} : { maxProfiles: most }),
  };
}

function toUnits(list = ''): Pick<Abilities, 'units' | 'unitsAssumed'> {
  const listed = list.split(',').map((item) => item.trim().toUpperCase());
  const units = (['A', 'W'] as const).filter((unit) => listed.includes(unit));
  return units.length === 0 ? { units: assumedAbilities.units, unitsAssumed: true } : { units };
}
