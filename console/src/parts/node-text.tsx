import type { ComponentChildren } from 'preact';

/** Words that the node wrote itself: they are English in every language of the page, and a screen reader must know. */
export const NodeText = ({ children }: { children: ComponentChildren }) => <span lang="en">{children}</span>;
