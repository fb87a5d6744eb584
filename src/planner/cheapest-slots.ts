import { downToTenth } from '../domain/profile/convert.ts';
import type { EvseLimits } from './evse-limits.ts';
import { hoursOf, type Slot } from './slots.ts';

/** A slot in which a session may charge with a limit of up to `most`, in the unit of its profile. */
export interface Offer {
  slot: Slot;
  most: number;
}

/** The limit of each slot, and whether they deliver the needed energy. */
export interface Filled {
  limits: readonly number[];
  met: boolean;
}

/**
 * Fills the cheapest slots until the need (Wh) is met, the earlier first at equal prices; all slots when they are not enough. When
 * single slots would change the limit more than `changes` times, it fills longer blocks of slots instead.
 */
export function fillCheapest(given: readonly Offer[], { need, changes, evse }: { need: number; changes: number; evse: EvseLimits }): Filled {
  const offers = priced(given);
  const full = offers.map(({ most }) => most);
  if (energyOf(offers, full, evse) < need - NO_ENERGY) return { limits: full, met: false };
  const lengths = [1];
  for (let length = 2; length < 2 * offers.length; length *= 2) lengths.push(Math.min(length, offers.length));
  const ways = lengths.map((length) => fillBlocks(offers, { need, length, evse }));
  const allowed = ways.filter((limits) => changesOf(limits) <= changes);
  const candidates = allowed.length > 0 ? allowed : ways.slice(-1);
  const cost = (limits: readonly number[]) => costOf(given, limits, { need, evse });
  return { limits: candidates.reduce((best, limits) => (cost(limits) < cost(best) ? limits : best)), met: true };
}

/** Wh: less is a floating-point error. */
const NO_ENERGY = 1e-6;

interface PricedOffer extends Offer {
  price: number;
}
/** A slot without a price gets the highest known price, so every cheaper one is used before. */
function priced(offers: readonly Offer[]): readonly PricedOffer[] {
  const highest = Math.max(0, ...offers.flatMap(({ slot: { price } }) => price ?? []));
  return offers.map((offer) => ({ ...offer, price: offer.slot.price ?? highest }));
}

interface Filling {
  need: number;
  /** The number of slots in a block. */
  length: number;
  evse: EvseLimits;
}

/** Fills the cheapest blocks. One block of all slots charges from now on until the need is met. */
function fillBlocks(offers: readonly PricedOffer[], { need, length, evse }: Filling): readonly number[] {
  const limits = offers.map(() => 0);
  let missing = need;
  for (const block of blocksOf(offers, length))
    for (const n of block) {
      const offer = offers[n];
      if (!offer || offer.most === 0 || missing <= NO_ENERGY) continue;
      const perUnit = evse.wattsPerUnit * hoursOf(offer.slot);
      const limit = Math.min(offer.most, Math.max(evse.least, upToTenth(missing / perUnit)));
      limits[n] = limit;
      missing -= limit * perUnit;
    }
  return limits;
}

/** The indices of the slots of each block, the cheapest block first. */
function blocksOf(offers: readonly PricedOffer[], length: number): readonly (readonly number[])[] {
  const blocks = [...Array(Math.ceil(offers.length / length)).keys()].map((block) => {
    const indices = [...offers.keys()].slice(block * length, (block + 1) * length);
    let [cost, energy] = [0, 0];
    for (const n of indices) {
      const offer = offers[n];
      if (!offer) continue;
      const offered = offer.most * hoursOf(offer.slot);
      cost += offered * offer.price;
      energy += offered;
    }
    return { indices, price: energy === 0 ? Infinity : cost / energy };
  });
  return blocks.sort((a, b) => (a.price === b.price ? 0 : a.price - b.price)).map(({ indices }) => indices);
}

/** The number of different limits in sequence, the first included. */
const changesOf = (limits: readonly number[]): number => limits.filter((limit, n) => n === 0 || limit !== limits[n - 1]).length;

const energyOf = (offers: readonly Offer[], limits: readonly number[], evse: EvseLimits) =>
  offers.reduce((sum, { slot }, n) => sum + (limits[n] ?? 0) * evse.wattsPerUnit * hoursOf(slot), 0);

/** The cost of the need when the car charges at its limit until the need is met, as a car does that has no prices. */
export function costOf(offers: readonly Offer[], limits: readonly number[], { need, evse }: { need: number; evse: EvseLimits }): number {
  let [cost, missing] = [0, need];
  for (const [n, offer] of priced(offers).entries()) {
    const energy = Math.min(missing, (limits[n] ?? 0) * evse.wattsPerUnit * hoursOf(offer.slot));
    cost += energy * offer.price;
    missing -= energy;
  }
  return cost;
}

/** Rounded up to one decimal. */
const upToTenth = (n: number): number => 0 - downToTenth(-n);
