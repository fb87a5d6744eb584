import type { Ask, ResponseType } from '../../domain/exchange.ts';

/** A request about a charging profile as it was received: what is asked, about which session, and where the result goes. */
export interface ProfileRequest {
  sessionId: string;
  ask: Ask;
  responseUrl: string;
}

/** ChargingProfileResponse (OCPI 2.2.1 §14.3.2): the immediate answer, with the seconds within which the result will be posted. */
export interface ProfileResponse {
  result: ResponseType;
  timeout: number;
}
