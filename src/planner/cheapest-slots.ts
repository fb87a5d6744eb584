import { type EvseLimits, upToTenth } from './evse-limits.ts';
import type { Slot } from './slots.ts';
import { hoursOf } from './slots.ts';

/** One slot in which a session may charge up to `most`, in the unit of its profile. */
export interface Offer {
  slot: Slot;
  most: number;
}

/** Limits slot by slot, and whether they bring what is needed. */
export interface Filled {
  limits: readonly number[];
  met: boolean;
}

/**
 * Fills the cheapest slots until the need (in Wh) is met; of equal prices the earlier first. When they cannot bring it, all of
 * them are filled. Slots are taken alone, or in ever longer blocks while taking them alone would change the limit more often than `changes`.
 */
export function fillCheapest(given: readonly Offer[], { need, changes, wires }: { need: number; changes: number; wires: EvseLimits }): Filled {
  const offers = priced(given);
  const full = offers.map(({ most }) => most);
  if (need <= 0) return { limits: offers.map(() => 0), met: true };
  if (energyOf(offers, full, wires) < need - TRIFLE) return { limits: full, met: false };
  const lengths = [1];
  for (let length = 2; length < 2 * offers.length; length *= 2) lengths.push(Math.min(length, offers.length));
  const ways = lengths.map((length) => fillBlocks(offers, { need, length, wires }));
  const calm = ways.filter((limits) => changesOf(limits) <= changes);
  const candidates = calm.length > 0 ? calm : ways.slice(-1);
  const cost = (limits: readonly number[]) => costOf(given, limits, { need, wires });
  return { limits: candidates.reduce((best, limits) => (cost(limits) < cost(best) ? limits : best)), met: true };
}

/** Less than this, in Wh, is nothing. */
const TRIFLE = 1e-6;

interface Priced extends Offer {
  price: number;
}
/** The dearest price stands where none is known: such a slot is the last resort. */
function priced(offers: readonly Offer[]): readonly Priced[] {
  const dearest = Math.max(0, ...offers.flatMap(({ slot: { price } }) => price ?? []));
  return offers.map((offer) => ({ ...offer, price: offer.slot.price ?? dearest }));
}

interface Filling {
  need: number;
  /** Slots in a block. */
  length: number;
  wires: EvseLimits;
}

/** One block that is all slots is the plan of a car that nobody plans for: from now on until it has enough. */
function fillBlocks(offers: readonly Priced[], { need, length, wires }: Filling): readonly number[] {
  const limits = offers.map(() => 0);
  let missing = need;
  for (const block of blocksOf(offers, length))
    for (const n of block) {
      const offer = offers[n];
      if (!offer || offer.most === 0 || missing <= TRIFLE) continue;
      const perUnit = wires.wattsPerUnit * hoursOf(offer.slot);
      const limit = Math.min(offer.most, Math.max(wires.least, upToTenth(missing / perUnit)));
      limits[n] = limit;
      missing -= limit * perUnit;
    }
  return limits;
}

/** Places of slots, block by block, the cheapest block first. */
function blocksOf(offers: readonly Priced[], length: number): readonly (readonly number[])[] {
  const blocks = [...Array(Math.ceil(offers.length / length)).keys()].map((block) => {
    const places = [...offers.keys()].slice(block * length, (block + 1) * length);
    let [cost, energy] = [0, 0];
    for (const n of places) {
      const offer = offers[n];
      if (!offer) continue;
      const offered = offer.most * hoursOf(offer.slot);
      cost += offered * offer.price;
      energy += offered;
    }
    return { places, price: energy === 0 ? Infinity : cost / energy };
  });
  return blocks.sort((a, b) => (a.price === b.price ? 0 : a.price - b.price)).map(({ places }) => places);
}

/** How often the limit changes, the first counted. */
const changesOf = (limits: readonly number[]): number => limits.filter((limit, n) => n === 0 || limit !== limits[n - 1]).length;

const energyOf = (offers: readonly Offer[], limits: readonly number[], wires: EvseLimits) =>
  offers.reduce((sum, { slot }, n) => sum + (limits[n] ?? 0) * wires.wattsPerUnit * hoursOf(slot), 0);

/** What the need costs when the car takes all that it may until it has enough: it does not know our prices. */
export function costOf(offers: readonly Offer[], limits: readonly number[], { need, wires }: { need: number; wires: EvseLimits }): number {
  let [cost, missing] = [0, need];
  for (const [n, offer] of priced(offers).entries()) {
    const energy = Math.min(missing, (limits[n] ?? 0) * wires.wattsPerUnit * hoursOf(offer.slot));
    cost += energy * offer.price;
    missing -= energy;
  }
  return cost;
}
