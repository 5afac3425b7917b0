import { open, readFile } from 'node:fs/promises';
import { silentLogger } from '@sluice/core';
import { BatchWriter } from '../src/batch-writer.ts';
import { DescriptorDestination } from '../src/descriptor-destination.ts';
import { FileDestination } from '../src/file-destination.ts';

// Run with a file size limit of 1 MiB: a write beyond it takes what there is space for, and the next one fails with EFBIG.
const [, , kind, path = ''] = process.argv;
const file = await open(path, 'a');
const destination = kind === 'file' ? new FileDestination(path) : new DescriptorDestination(file.fd);
const writer = new BatchWriter(destination, { logger: silentLogger });
for (const letter of ['a', 'b', 'c']) writer.write(`${letter.repeat(400_000)}\n`);
await writer.flush();
const full = await shape();
if (kind === 'descriptor') await file.truncate(900_000);
writer.write(`${'d'.repeat(100)}\n`);
await writer.close();
await file.close();
console.log(JSON.stringify({ full, freed: await shape(), lost: writer.droppedLines }));

/** The letter and the length of each line, and whether the last one is whole. */
async function shape(): Promise<readonly string[]> {
  const lines = (await readFile(path, 'latin1')).split('\n');
  return lines.map((line) => `${line.slice(0, 1)}${line.length}`);
}
