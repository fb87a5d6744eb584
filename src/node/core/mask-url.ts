/** The origin of a URL; its path and query may hold secrets. */
export const maskUrl = (url: string): string => (URL.canParse(url) ? `${new URL(url).origin}/***` : '***');
