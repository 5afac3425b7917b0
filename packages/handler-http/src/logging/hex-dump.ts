const COLUMNS = 16;

/** The bytes as a table: offset, 16 columns in hexadecimal, and what of them is printable ASCII. */
export function hexDump(bytes: Buffer): string {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += COLUMNS) {
    rows.push(row(offset, bytes.subarray(offset, offset + COLUMNS)));
  }
  return rows.join('\n');
}

function row(offset: number, bytes: Buffer): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const ascii = Array.from(bytes, (byte) => (isPrintable(byte) ? String.fromCharCode(byte) : '.')).join('');
  return `|${offset.toString(16).padStart(8, '0')}| ${hex.padEnd(COLUMNS * 3 - 1)} |${ascii.padEnd(COLUMNS)}|`;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
