import type { Config } from '../src/node/config/config.ts';

/** A location as an operator describes it in the configuration; peers are told only of described ones. */
export const describedLocation = (id: string): Config['locations'][number] => ({
  id,
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
  publish: true,
});

/** The same as a line of YAML. */
export const describedInYaml = (id: string): string => `locations: [${JSON.stringify(describedLocation(id))}]`;
