import type { ComponentChildren } from 'preact';

const STATE_LABELS = { done: 'done', now: 'now', wait: 'waiting', later: 'later' } as const;

interface WizardStepProps {
  number: number;
  name: string;
  state: keyof typeof STATE_LABELS;
  children?: ComponentChildren;
}

/** One step of a wizard with its status. */
export const WizardStep = ({ number, name, state, children }: WizardStepProps) => (
  <li class="card">
    <div class="card-head">
      <h2>
        {number}. {name}
      </h2>
      <span class={`badge ${state === 'done' ? 'good' : ''}${state === 'wait' ? ' live' : ''}`}>{STATE_LABELS[state]}</span>
    </div>
    {children}
  </li>
);
