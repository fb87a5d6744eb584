/** All status codes of OCPI with their default messages (OCPI 2.2.1 §5); no other code is sent (STA-07). */
export const statusCodes = {
  1000: 'Success',
  2000: 'Client error',
  2001: 'Invalid or missing parameters',
  2002: 'Not enough information',
  2003: 'Unknown location',
  2004: 'Unknown token',
  3000: 'Server error',
  3001: "Unable to use the client's API",
  3002: 'Unsupported version',
  3003: 'No matching endpoints, or expected endpoints are missing',
  4000: 'Error in the hub',
  4001: 'Unknown receiver',
  4002: 'Timeout on a forwarded request',
  4003: 'The receiver is not connected',
} as const;
/** A status code that OCPI defines. */
export type StatusCode = keyof typeof statusCodes;

/** The range of a status code, which gives unknown codes a meaning (STA-12). */
export type StatusRange = 'success' | 'ocpi_2xxx' | 'ocpi_3xxx' | 'ocpi_4xxx' | 'ocpi_other';

/** The range that a status code is in; `ocpi_other` outside 1000 to 4999. */
export function rangeOf(code: number): StatusRange {
  if (code >= 1000 && code < 2000) return 'success';
  if (code >= 2000 && code < 3000) return 'ocpi_2xxx';
  if (code >= 3000 && code < 4000) return 'ocpi_3xxx';
  if (code >= 4000 && code < 5000) return 'ocpi_4xxx';
  return 'ocpi_other';
}
/** Whether OCPI defines this code; a peer may send any code. */
export const isStatusCode = (code: number): code is StatusCode => code in statusCodes;
