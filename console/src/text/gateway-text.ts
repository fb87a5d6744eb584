import { gateway as de } from './de/gateway.ts';
import { gateway as en, type GatewayTexts } from './en/gateway.ts';
import { gateway as nl } from './nl/gateway.ts';
import { currentLanguage } from './text.ts';

const languages = { en, nl, de };

/** The texts about gateways in the language that is shown; apart from the others, because few nodes are one. */
export const gatewayText = (): GatewayTexts => languages[currentLanguage()];
