import { type Static, Type } from 'typebox';
import { EXACT } from './patience/schema.ts';
import { DateTime } from './scalars.ts';

/** Objects on one page at most; clients see it as X-Limit (TRN-26, SEC-26). */
const maxPageSize = 1000;
/** Objects on one page when the client sets no limit. */
const defaultPageSize = 100;

/** The query of a paginated list (OCPI 2.2.1 §4.1.4.1); `date_from` is inclusive, `date_to` is exclusive (TRN-18, TRN-19). */
export const PageQuery = Type.Object(
  {
    date_from: Type.Optional(DateTime),
    date_to: Type.Optional(DateTime),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  },
  EXACT,
);
/** The decoded query of a paginated list. */
export type PageQuery = Static<typeof PageQuery>;

/** The offset and the limit of a page, with the defaults and the upper limit applied. */
export const offsetAndLimit = (query: PageQuery): { offset: number; limit: number } => ({
  offset: query.offset ?? 0,
  limit: Math.min(query.limit ?? defaultPageSize, maxPageSize),
});

/** The headers X-Total-Count, X-Limit and Link of a page; `url` is the list's absolute URL without a query, `count` the objects on this page. */
export function pageHeaders(page: { url: string; query: PageQuery; total: number; count: number }): Record<string, string> {
  const { offset, limit } = offsetAndLimit(page.query);
  const headers = { 'x-total-count': `${page.total}`, 'x-limit': `${maxPageSize}` };
  const next = offset + page.count;
  if (page.count === 0 || next >= page.total) return headers;
  return { ...headers, link: `<${page.url}?${filters(page.query)}offset=${next}&limit=${limit}>; rel="next"` };
}

const filters = ({ date_from, date_to }: PageQuery) =>
  [date_from && `date_from=${encodeURIComponent(date_from)}&`, date_to && `date_to=${encodeURIComponent(date_to)}&`].filter(Boolean).join('');

/** The URL of the next page from a Link header; undefined on the last page. */
export function nextPage(link: string | undefined): string | undefined {
  for (const part of link?.slice(0, 8192).split(/,(?=\s*<)/) ?? []) {
    const end = part.indexOf('>');
    const begin = part.indexOf('<');
    if (begin >= 0 && end > begin && /;\s*rel\s*=\s*"?next"?\s*(;|$)/i.test(part.slice(end + 1))) return part.slice(begin + 1, end);
  }
  return undefined;
}
