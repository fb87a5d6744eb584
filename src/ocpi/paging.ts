import { type Static, Type } from 'typebox';
import { DateTime } from './scalars.ts';

/** Most objects that one page holds, shown to clients as X-Limit (TRN-26, SEC-26). */
const mostOnAPage = 1000;
/** Objects on a page when the client names no limit. */
const usualOnAPage = 100;

/** The window and place of a list (OCPI 2.2.1 §4.1.4.1); `date_from` is in the window, `date_to` is not (TRN-18, TRN-19). */
export const PageQuery = Type.Object({
  date_from: Type.Optional(DateTime),
  date_to: Type.Optional(DateTime),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
});
export type PageQuery = Static<typeof PageQuery>;

/** Where a page begins and how many objects it may hold, after defaults and the upper bound. */
export const offsetAndLimit = (query: PageQuery): { offset: number; limit: number } => ({
  offset: query.offset ?? 0,
  limit: Math.min(query.limit ?? usualOnAPage, mostOnAPage),
});

/** The three headers of a page: `url` is the list's own, absolute and without query; `held` counts the objects on this page. */
export function pageHeaders(page: { url: string; query: PageQuery; total: number; held: number }): Record<string, string> {
  const { offset, limit } = offsetAndLimit(page.query);
  const headers = { 'x-total-count': `${page.total}`, 'x-limit': `${mostOnAPage}` };
  const next = offset + page.held;
  if (page.held === 0 || next >= page.total) return headers;
  return { ...headers, link: `<${page.url}?${filters(page.query)}offset=${next}&limit=${limit}>; rel="next"` };
}

const filters = ({ date_from, date_to }: PageQuery) =>
  [date_from && `date_from=${encodeURIComponent(date_from)}&`, date_to && `date_to=${encodeURIComponent(date_to)}&`].filter(Boolean).join('');

/** The address that a Link header calls the next page; undefined on the last page. */
export function nextPage(link: string | undefined): string | undefined {
  for (const part of link?.slice(0, 8192).split(/,(?=\s*<)/) ?? []) {
    const end = part.indexOf('>');
    const begin = part.indexOf('<');
    if (begin >= 0 && end > begin && /;\s*rel\s*=\s*"?next"?\s*(;|$)/i.test(part.slice(end + 1))) return part.slice(begin + 1, end);
  }
  return undefined;
}
