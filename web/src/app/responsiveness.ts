/** How long something took, as a person feels it: at once, noticed, too long. */
export type Pace = 'fast' | 'slow' | 'stuck';

const fastMs = 100;
const slowMs = 250;
const keptDelays = 12;

export function paceOf(ms: number): Pace {
  return ms <= fastMs ? 'fast' : ms <= slowMs ? 'slow' : 'stuck';
}

/** What the responsiveness test has seen since it was started. Times are milliseconds. */
export interface Responsiveness {
  clicks: number;
  /** From each of the last clicks to its paint, the latest last. */
  delays: readonly number[];
  slowest: number;
  longestFrame: number;
}

export const untested: Responsiveness = { clicks: 0, delays: [], slowest: 0, longestFrame: 0 };

export function withClick(before: Responsiveness): Responsiveness {
  return { ...before, clicks: before.clicks + 1 };
}

export function withPaint(before: Responsiveness, delay: number): Responsiveness {
  return { ...before, delays: [...before.delays, delay].slice(-keptDelays), slowest: Math.max(before.slowest, delay) };
}

export function withFrame(before: Responsiveness, ms: number): Responsiveness {
  return ms > before.longestFrame ? { ...before, longestFrame: ms } : before;
}

/** Calls back right after the next frame was painted: a message that is sent while it is made arrives behind it. */
export function afterPaint(callback: () => void): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      callback();
    };
    channel.port2.postMessage(null);
  });
}

/**
 * Tells of every frame how long it took, until it is stopped by what it returns. A page that is hidden has no frames, which is nobody's delay.
 * @param schedule Asks for the next frame, and is told when it began.
 */
export function watchFrames(onFrame: (ms: number) => void, isHidden: () => boolean = () => document.hidden, schedule: (callback: (now: number) => void) => void = requestAnimationFrame): () => void {
  let last: number | null = null;
  let stopped = false;
  const look = (now: number) => {
    if (stopped) return;
    if (last !== null) onFrame(now - last);
    last = isHidden() ? null : now;
    schedule(look);
  };
  schedule(look);
  return () => {
    stopped = true;
  };
}
