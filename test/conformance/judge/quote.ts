/** Writes bytes so that each is visible, cut to a length that a line can bear. */
export function quote(text: string, limit = 120): string {
  const shown = JSON.stringify(text.slice(0, limit)).replace(
    /[\u007f-\u00ff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  );
  return text.length > limit ? `${shown}… (${text.length} bytes)` : shown;
}
