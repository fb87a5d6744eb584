import { Type } from 'typebox';
import type { EditionTypes } from './editions.ts';
import { CiString, Text, Url } from './scalars.ts';

/** A picture of a place or a mark of a company; width and height in pixels (OCPI 2.2.1 §8.4.15). */
export const image = (words: EditionTypes) =>
  Type.Object({
    url: Url,
    thumbnail: Type.Optional(Url),
    category: words.imageCategory,
    type: CiString(4),
    width: Type.Optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
    height: Type.Optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
  });

/** A company as it shows itself (OCPI 2.2.1 §8.4.2). */
export const businessDetails = (words: EditionTypes) => Type.Object({ name: Text(100), website: Type.Optional(Url), logo: Type.Optional(image(words)) });
