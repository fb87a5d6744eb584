import { type Edition, inEdition, type Price } from '../editions.ts';
import { problemWith } from '../problem.ts';
import { CdrToken, type WireSession } from './session.ts';

/** Converts a session to the data types of an edition; a token type that the edition does not know becomes OTHER (TYP-12). */
export function writeSession(edition: Edition, session: WireSession): WireSession {
  const { total_cost, cdr_token } = session;
  const isKnown = problemWith(inEdition(CdrToken, edition), cdr_token) === undefined;
  return {
    ...session,
    ...(total_cost && { total_cost: priceIn(edition, total_cost) }),
    ...(isKnown ? {} : { cdr_token: { ...cdr_token, type: 'OTHER' } }),
  };
}

/** Rounds to four decimals, the precision of an OCPI number. */
const rounded = (amount: number) => Math.round(amount * 10_000) / 10_000;

/** Converts a price to the form of an edition: the amount before taxes stays, the taxes are converted as far as they are known (TYP-13). */
export function priceIn(edition: Edition, price: Price): Price {
  return writers[edition](price);
}

const writers: Readonly<Record<Edition, (price: Price) => Price>> = {
  '2.2.1': (price) => {
    if ('excl_vat' in price) return price;
    const { before_taxes, taxes } = price;
    return { excl_vat: before_taxes, ...(taxes && { incl_vat: rounded(taxes.reduce((sum, { amount }) => sum + amount, before_taxes)) }) };
  },
  '2.3.0': (price) => {
    if ('before_taxes' in price) return price;
    const { excl_vat, incl_vat } = price;
    return { before_taxes: excl_vat, ...(incl_vat !== undefined && { taxes: [{ name: 'VAT', amount: rounded(incl_vat - excl_vat) }] }) };
  },
};
