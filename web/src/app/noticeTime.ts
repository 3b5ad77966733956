/** Milliseconds for each character: a sentence is read at some fifteen of them in a second. */
const PER_CHARACTER = 65;

/** How long a notice stays, in milliseconds: a problem longer than news, and a long sentence until it can be read. */
export function noticeTime(text: string, isProblem: boolean): number {
  return Math.max(isProblem ? 8000 : 4000, text.length * PER_CHARACTER);
}
