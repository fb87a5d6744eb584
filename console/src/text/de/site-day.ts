import type { Texts } from '../en.ts';
import { counting } from '../plural.ts';

const counted = counting('de');

/** The day of a site: its sessions under its limit, and who held what at a moment. */
export const siteDay: Texts['siteDay'] = {
  title: (node) => `Tag von ${node}`,
  site: 'Standort',
  node: 'Teil',
  view: 'Anzeige',
  previous: 'Vorheriger Tag',
  next: 'Nächster Tag',
  today: 'Heute',
  limit: 'Grenze',
  plannedLimit: 'Geplante Grenze',
  building: 'Gebäude',
  otherEvses: (count) => counted(count, { one: 'weiterer Ladepunkt', other: 'weitere Ladepunkte' }),
  moment: 'Zeitpunkt',
  momentHelp: 'Pfeiltasten verschieben um 1 min, mit Umschalt um 1 s. Auch ein Klick in das Diagramm wählt den Zeitpunkt.',
  backToNow: 'Jetzt',
  at: (time) => `Um ${time}`,
  ahead: 'geplant für die Ladevorgänge, die jetzt laufen',
  limitNow: (limit) => `Grenze ${limit}`,
  limitUnknown: 'Grenze nicht bekannt',
  noLimit: 'keine Grenze',
  imposed: (limit) => `auferlegt: ${limit}`,
  drawn: (power, currents) => `Ladevorgänge beziehen ${power} (${currents})`,
  buildingTakes: (power) => `Gebäude ${power}`,
  unknown: (count) => `nicht bekannt: ${counted(count, { one: 'Ladevorgang', other: 'Ladevorgänge' })}`,
  more: 'Nur die ersten 200 Ladevorgänge werden gezeigt.',
  columns: { evse: 'Ladepunkt', held: 'Grenze', drawn: 'Bezug', session: 'Ladevorgang' },
  noCard: 'keine Karte',
  unknownSince: (time) => `unbekannt seit ${time}`,
  notKnown: 'nicht bekannt',
  estimated: 'geschätzt',
  nobody: 'Kein Ladevorgang',
  nobodyHelp: 'Zu diesem Zeitpunkt lief kein Ladevorgang unter diesem Teil.',
};
