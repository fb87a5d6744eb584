import type { PartnerReply, Visit } from './recording-server.ts';
import { type Fields, textOf } from './wire.ts';

/** One page of the objects changed in the window, with what OCPI 2.2.1 §4.1.4.2 asks of its headers. */
export function pageOf({ request, query }: Visit, objects: Iterable<Fields>, pageSize: number): PartnerReply {
  const [from, to] = [Date.parse(query.get('date_from') ?? '') || -Infinity, Date.parse(query.get('date_to') ?? '') || Infinity];
  const found = [...objects].filter((object) => {
    const updated = Date.parse(textOf(object.last_updated));
    return updated >= from && updated < to;
  });
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(pageSize, Number(query.get('limit') ?? pageSize));
  const end = offset + limit;
  const headers = {
    'X-Total-Count': String(found.length),
    'X-Limit': String(pageSize),
    ...(end < found.length && { Link: `<${nextPage(request.url, end, limit)}>; rel="next"` }),
  };
  return { http: 200, code: 1000, data: found.slice(offset, end), headers };
}

function nextPage(url: string, offset: number, limit: number): string {
  const next = new URL(url);
  next.searchParams.set('offset', String(offset));
  next.searchParams.set('limit', String(limit));
  return next.href;
}
