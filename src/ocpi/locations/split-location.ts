import type { WireEvse } from './evse.ts';
import type { WireLocation } from './location.ts';

/** A location without its EVSEs, and its EVSEs. */
export interface SplitLocation {
  /** Its `evses` is empty, and absent when the location had none. */
  shell: WireLocation;
  evses: readonly WireEvse[];
}

/** Takes the EVSEs out of a location. */
export const splitLocation = (location: WireLocation): SplitLocation =>
  location.evses === undefined ? { shell: location, evses: [] } : { shell: { ...location, evses: [] }, evses: location.evses };

/** Puts the EVSEs into a location again. */
export const joinLocation = (shell: WireLocation, evses: readonly WireEvse[]): WireLocation =>
  shell.evses === undefined && evses.length === 0 ? shell : { ...shell, evses: [...evses] };
