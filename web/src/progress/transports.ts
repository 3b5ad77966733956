import { api } from '../api/client';
import { isAbort } from '../api/problem';
import type { Progress } from '../api/types';
import { webSocketAt } from '../live/reconnectingSocket';
import type { Transport } from './progressFeed';

const pollMs = 1000;

/** The three ways to hear of the progress of a library or task group, best first. */
export function progressTransports(id: string): Transport[] {
  const address = encodeURIComponent(id);
  return [overSocket(`/ws/progress/${address}`), overEventStream(`/sse/progress/${address}`), overPolling(id)];
}

function overSocket(path: string): Transport {
  return ({ onSnapshot, onEnd }) => {
    const socket = webSocketAt(path);
    let stopped = false;
    socket.onmessage = (event) => {
      if (!stopped && typeof event.data === 'string') onSnapshot(JSON.parse(event.data) as Progress);
    };
    socket.onclose = () => {
      if (!stopped) onEnd();
    };
    return () => {
      stopped = true;
      socket.close();
    };
  };
}

function overEventStream(path: string): Transport {
  return ({ onSnapshot, onEnd }) => {
    const stream = new EventSource(path);
    stream.onmessage = (event: MessageEvent<string>) => onSnapshot(JSON.parse(event.data) as Progress);
    stream.onerror = () => {
      // The stream would try again on its own, without a pause that grows.
      stream.close();
      onEnd();
    };
    return () => stream.close();
  };
}

function overPolling(id: string): Transport {
  return ({ onSnapshot, onEnd }) => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const snapshot = await api.progress(id);
        // Set before the snapshot is handed on: whoever takes it may stop us.
        if (stopped) return;
        timer = setTimeout(() => void ask(), pollMs);
        onSnapshot(snapshot);
      } catch (error) {
        if (!stopped && !isAbort(error)) onEnd();
      }
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  };
}
