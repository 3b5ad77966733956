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

/** Calls back right after the next frame was painted: a message that is sent while it is made arrives behind it. A hidden page paints none, so there at once. */
export function afterPaint(callback: () => void): void {
  if (document.hidden) {
    callback();
    return;
  }
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      callback();
    };
    channel.port2.postMessage(null);
  });
}

/** Calls back when the page is hidden, and when it is shown again, until it is stopped by what it returns. */
function onVisibilityChange(callback: () => void): () => void {
  document.addEventListener('visibilitychange', callback);
  return () => document.removeEventListener('visibilitychange', callback);
}

/**
 * Tells of every frame how long it took, until it is stopped by what it returns. A page that is hidden has no frames, which is nobody's delay.
 * @param schedule Asks for the next frame, and is told when it began.
 * @param onHiddenOrShown Subscribes to changes of whether the page is hidden; what it returns ends that.
 */
export function watchFrames(
  onFrame: (ms: number) => void,
  schedule: (callback: (now: number) => void) => void = requestAnimationFrame,
  onHiddenOrShown: (callback: () => void) => () => void = onVisibilityChange,
): () => void {
  let last: number | null = null;
  let stopped = false;
  const look = (now: number) => {
    if (stopped) return;
    if (last !== null) onFrame(now - last);
    last = now;
    schedule(look);
  };
  schedule(look);
  // Asked for in a frame, it would never be known: there is none while the page is hidden.
  const unsubscribe = onHiddenOrShown(() => (last = null));
  return () => {
    stopped = true;
    unsubscribe();
  };
}
