import fc from 'fast-check';

// The same cases in each run: a mutant that was killed is killed again. No shrinking: the first failure is enough.
fc.configureGlobal({ seed: 1, endOnFailure: true });
