import type { ComponentChildren } from 'preact';
import { text } from '../text/text.ts';

interface WizardStepProps {
  number: number;
  name: string;
  state: 'done' | 'now' | 'wait' | 'later';
  children?: ComponentChildren;
}

/** One step of a wizard with its status. */
export const WizardStep = ({ number, name, state, children }: WizardStepProps) => (
  <li class="card">
    <div class="card-head">
      <h2>{text().connect.step(number, name)}</h2>
      <span class={`badge ${state === 'done' ? 'good' : ''}${state === 'wait' ? ' live' : ''}`}>{text().connect.states[state]}</span>
    </div>
    {children}
  </li>
);
