import type { Texts } from '../en.ts';
import { counting } from '../plural.ts';

const counted = counting('nl');

/** The day of a site: its sessions under its limit, and who held what at a moment. */
export const siteDay: Texts['siteDay'] = {
  title: (node) => `Dag van ${node}`,
  site: 'Locatie',
  node: 'Deel',
  view: 'Weergave',
  previous: 'Vorige dag',
  next: 'Volgende dag',
  today: 'Vandaag',
  limit: 'Limiet',
  plannedLimit: 'Geplande limiet',
  building: 'Gebouw',
  otherEvses: (count) => counted(count, { one: 'ander laadpunt', other: 'andere laadpunten' }),
  moment: 'Tijdstip',
  momentHelp: 'Pijltjestoetsen verschuiven 1 min, met Shift 1 s. Klikken in de grafiek kan ook.',
  backToNow: 'Nu',
  at: (time) => `Om ${time}`,
  ahead: 'gepland voor de laadsessies die nu lopen',
  limitNow: (limit) => `limiet ${limit}`,
  limitUnknown: 'limiet niet bekend',
  noLimit: 'geen limiet',
  imposed: (limit) => `opgelegd: ${limit}`,
  drawn: (power, currents) => `laadsessies verbruiken ${power} (${currents})`,
  buildingTakes: (power) => `gebouw ${power}`,
  unknown: (count) => `niet bekend: ${counted(count, { one: 'laadsessie', other: 'laadsessies' })}`,
  more: 'Alleen de eerste 200 laadsessies worden getoond.',
  columns: { evse: 'Laadpunt', held: 'Limiet', drawn: 'Verbruik', session: 'Laadsessie' },
  noCard: 'geen kaart',
  unknownSince: (time) => `onbekend sinds ${time}`,
  notKnown: 'niet bekend',
  estimated: 'geschat',
  nobody: 'Geen laadsessie',
  nobodyHelp: 'Op dit tijdstip liep er geen laadsessie onder dit deel.',
};
