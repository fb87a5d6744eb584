import { expect, test } from 'vitest';
import { reasonToIgnore } from './ignored-mutants.ts';

const literal = (value: string) => ({ node: { type: 'StringLiteral', value } });
const template = (quasis: string[], ...expressions: string[]) => ({
  node: { type: 'TemplateLiteral', quasis: quasis.map((raw) => ({ value: { raw } })), expressions: expressions.map((type) => ({ type })) },
});

test('texts with a blank between two words are for people', () => {
  expect(reasonToIgnore(literal('the charge point is not connected'))).toBe('a text for people');
  expect(reasonToIgnore(template(['no contract lets ', ' control this session'], 'Identifier'))).toBe('a text for people');
});

test.each(['REJECTED', 'tx-default', '', ' ', '*', 'NL*EVK'])('%j is no text for people', (value) => {
  expect(reasonToIgnore(literal(value))).toBeUndefined();
});

test('a text that is compared decides, so its mutants are kept', () => {
  expect(reasonToIgnore({ ...literal('stored wins'), parent: { type: 'BinaryExpression' } })).toBeUndefined();
  expect(reasonToIgnore({ ...literal('stored wins'), parent: { type: 'SwitchCase' } })).toBeUndefined();
});

test('a template that joins values only, or holds a decision, is kept', () => {
  expect(reasonToIgnore(template(['', ' ', ''], 'Identifier', 'Identifier'))).toBeUndefined();
  expect(reasonToIgnore(template(['found ', ' in the list'], 'ConditionalExpression'))).toBeUndefined();
});

test('a default that returns `x satisfies never` is unreachable, another default is not', () => {
  const returning = (type: string, annotation: string) => ({
    node: { type: 'SwitchCase', test: null, consequent: [{ argument: { type, typeAnnotation: { type: annotation } } }] },
  });
  expect(reasonToIgnore(returning('TSSatisfiesExpression', 'TSNeverKeyword'))).toBe('a default that the types make unreachable');
  expect(reasonToIgnore(returning('TSSatisfiesExpression', 'TSStringKeyword'))).toBeUndefined();
  expect(reasonToIgnore(returning('Identifier', 'TSNeverKeyword'))).toBeUndefined();
});
