import type { Edition, Price } from '../editions.ts';

const cents = (amount: number) => Math.round(amount * 10_000) / 10_000;

/** A price in the words of an edition: what it is without taxes stays, what they come to is told as far as it was known (TYP-13). */
export function priceIn(edition: Edition, price: Price): Price {
  return writers[edition](price);
}

const writers: Readonly<Record<Edition, (price: Price) => Price>> = {
  '2.2.1': (price) => {
    if ('excl_vat' in price) return price;
    const { before_taxes, taxes } = price;
    return { excl_vat: before_taxes, ...(taxes && { incl_vat: cents(taxes.reduce((sum, { amount }) => sum + amount, before_taxes)) }) };
  },
  '2.3.0': (price) => {
    if ('before_taxes' in price) return price;
    const { excl_vat, incl_vat } = price;
    return { before_taxes: excl_vat, ...(incl_vat !== undefined && { taxes: [{ name: 'VAT', amount: cents(incl_vat - excl_vat) }] }) };
  },
};
