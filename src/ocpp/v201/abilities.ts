import type { GetVariablesRequest, GetVariablesResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { assumed, readCount } from '../abilities.ts';
import type { Learning } from '../dialect.ts';
import type { Abilities } from '../station.ts';

type Variable = GetVariablesRequest['getVariableData'][number];

const component = { name: 'SmartChargingCtrlr' };
const variable = (name: string): Variable => ({ component, variable: { name } });

/** The variables of SmartChargingCtrlr that tell what we may send (OCPP 2.0.1 part 2 §2.11 of the appendices). */
export const variables: [Variable, ...Variable[]] = [
  variable('Enabled'),
  variable('Available'),
  variable('RateUnit'),
  variable('ProfileStackLevel'),
  variable('PeriodsPerSchedule'),
  // Its value counts the profiles installed; what fits in is its maximum.
  { component, variable: { name: 'Entries', instance: 'ChargingProfiles' }, attributeType: 'MaxSet' },
];

/** A station's abilities by its variables; one that it does not know leaves the assumption. */
export const learning = learnBy(variables, toAbilities);

/** Makes a Learning out of variables to ask for and a way to read them; OCPP 2.1 asks for one more. */
export function learnBy(asked: GetVariablesRequest['getVariableData'], read: (values: ReadonlyMap<string, string>) => Abilities): Learning {
  return {
    call: { action: 'GetVariables', payload: { getVariableData: asked } satisfies GetVariablesRequest },
    assumed,
    read: (payload, book) => {
      const fit = book.check<GetVariablesResponse>('GetVariablesResponse', payload);
      return fit.ok ? ok(read(valuesIn(fit.value))) : fit;
    },
  };
}

function valuesIn({ getVariableResult }: GetVariablesResponse): ReadonlyMap<string, string> {
  const told = getVariableResult.filter(({ attributeStatus }) => attributeStatus === 'Accepted');
  return new Map(told.map((it) => [it.variable.name.toLowerCase(), it.attributeValue ?? '']));
}

/** Reads the variables that OCPP 2.0.1 and 2.1 have in common. */
export function toAbilities(values: ReadonlyMap<string, string>): Abilities {
  const saysNo = (name: string) => values.get(name)?.trim().toLowerCase() === 'false';
  const most = readCount(values.get('entries'));
  return {
    smartCharging: !saysNo('enabled') && !saysNo('available'),
    ...toUnits(values.get('rateunit')),
    maxStackLevel: readCount(values.get('profilestacklevel')) ?? assumed.maxStackLevel,
    maxPeriods: readCount(values.get('periodsperschedule')) || assumed.maxPeriods,
    minProfileId: assumed.minProfileId,
    ...(most === undefined ? {} : { maxProfiles: most }),
  };
}

function toUnits(list = ''): Pick<Abilities, 'units' | 'unitsAssumed'> {
  const words = list.split(',').map((word) => word.trim().toUpperCase());
  const units = (['A', 'W'] as const).filter((unit) => words.includes(unit));
  return units.length === 0 ? { units: assumed.units, unitsAssumed: true } : { units };
}
