import type { ComponentChildren } from 'preact';

const WORDS = { done: 'done', now: 'now', wait: 'waiting', later: 'later' } as const;

interface StageProps {
  number: number;
  name: string;
  state: keyof typeof WORDS;
  children?: ComponentChildren;
}

/** One step of a wizard, and whether it is done. */
export const Stage = ({ number, name, state, children }: StageProps) => (
  <li class="card">
    <div class="card-head">
      <h2>
        {number}. {name}
      </h2>
      <span class={`badge ${state === 'done' ? 'good' : ''}${state === 'wait' ? ' live' : ''}`}>{WORDS[state]}</span>
    </div>
    {children}
  </li>
);
