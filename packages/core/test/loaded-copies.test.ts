import { loadedCopies } from '@sluice/core';
import { expect, it } from 'vitest';

it('knows where this package was loaded from, and that another file is another copy', async () => {
  const before = loadedCopies();
  // A query makes another module of the same file, as another folder would.
  const { loadedCopies: ofTheCopy } = (await import(
    `${new URL('../dist/index.js', import.meta.url).href}?copy`
  )) as { loadedCopies: typeof loadedCopies };

  expect(before.some((url) => url.includes('/packages/core/'))).toBe(true);
  expect(ofTheCopy().length).toBe(before.length + 1);
  expect(loadedCopies()).toEqual(ofTheCopy());
});
