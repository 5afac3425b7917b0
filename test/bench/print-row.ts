/** Prints a line of a table: a word, and cells under each other. */
export function printRow(name: string, cells: readonly string[]): void {
  process.stdout.write(`${name.padEnd(22)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
}
