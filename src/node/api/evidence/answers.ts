import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { EvidenceOperations } from './operations.ts';
import { getEvidence } from './routes.ts';

export const evidenceAnswers = (operations: EvidenceOperations): readonly AnsweredRoute[] => [
  answerRoute(getEvidence, ({ query }) => operations.evidence(query)),
];
