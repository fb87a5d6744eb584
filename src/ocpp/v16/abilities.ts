import type { GetConfigurationRequest, GetConfigurationResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { ok } from '../../domain/result.ts';
import { assumedAbilities, readCount } from '../abilities.ts';
import type { AbilityQuery } from '../dialect.ts';
import type { Abilities, AbilityName } from '../station.ts';

const requestedKeys: GetConfigurationRequest = {
  key: [
    'SupportedFeatureProfiles',
    'ChargingScheduleAllowedChargingRateUnit',
    'ChargeProfileMaxStackLevel',
    'ChargingScheduleMaxPeriods',
    'MaxChargingProfilesInstalled',
  ],
};

const abilityOfKey: Readonly<Record<string, AbilityName>> = {
  supportedfeatureprofiles: 'smartCharging',
  chargingscheduleallowedchargingrateunit: 'units',
  chargeprofilemaxstacklevel: 'maxStackLevel',
  chargingschedulemaxperiods: 'maxPeriods',
  maxchargingprofilesinstalled: 'maxProfiles',
};

/** Asks for the abilities by configuration keys (OCPP 1.6 §9.4). For a key that the station does not know, the assumed ability stays. */
export const abilityQuery: AbilityQuery = {
  call: { action: 'GetConfiguration', payload: requestedKeys },
  read: (payload, schemas) => {
    const checked = schemas.check<GetConfigurationResponse>('GetConfigurationResponse', payload);
    return checked.ok ? ok(toAbilities(checked.value)) : checked;
  },
  statedIn: (payload, schemas) => {
    const checked = schemas.check<GetConfigurationResponse>('GetConfigurationResponse', payload);
    const keys = checked.ok ? (checked.value.configurationKey ?? []) : [];
    return keys.flatMap(({ key, value }) => (value === undefined ? [] : (abilityOfKey[key.toLowerCase()] ?? [])));
  },
};

function toAbilities({ configurationKey = [] }: GetConfigurationResponse): Abilities {
  const values = new Map(configurationKey.map(({ key, value }) => [key.toLowerCase(), value]));
  const value = (key: string) => values.get(key.toLowerCase());
  const profiles = value('SupportedFeatureProfiles');
  const most = readCount(value('MaxChargingProfilesInstalled'));
  return {
    smartCharging: profiles === undefined ? assumedAbilities.smartCharging : /(^|,)\s*SmartCharging\s*(,|$)/i.test(profiles),
    ...toUnits(value('ChargingScheduleAllowedChargingRateUnit')),
    maxStackLevel: readCount(value('ChargeProfileMaxStackLevel')) ?? assumedAbilities.maxStackLevel,
    maxPeriods: readCount(value('ChargingScheduleMaxPeriods')) || assumedAbilities.maxPeriods,
    minProfileId: assumedAbilities.minProfileId,
    ...(most === undefined ? {} : { maxProfiles: most }),
  };
}

// The standard has `Current` and `Power`; some stations write `A` and `W`.
function toUnits(list = ''): Pick<Abilities, 'units' | 'unitsAssumed'> {
  const listed = list.split(',').map((item) => item.trim().toLowerCase());
  const units: Abilities['units'] = [
    ...(listed.includes('current') || listed.includes('a') ? (['A'] as const) : []),
    ...(listed.includes('power') || listed.includes('w') ? (['W'] as const) : []),
  ];
  return units.length === 0 ? { units: assumedAbilities.units, unitsAssumed: true } : { units };
}
