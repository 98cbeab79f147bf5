/** Counts what a page has opened and not closed, in place of the browser's own globals. */

/** What is open; `restore` puts the browser's own globals back. */
export interface OpenResources {
  readonly connections: readonly RTCPeerConnection[];
  /** Every connection made since, closed ones too. */
  readonly allConnections: readonly RTCPeerConnection[];
  readonly timers: number;
  restore(): void;
}

/** Starts to count peer connections and timers. */
export function countOpenResources(): OpenResources {
  const Connection = window.RTCPeerConnection;
  const own = {
    setTimeout: window.setTimeout.bind(window),
    setInterval: window.setInterval.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    clearInterval: window.clearInterval.bind(window),
  };
  const connections: RTCPeerConnection[] = [];
  const timers = new Set<unknown>();

  window.RTCPeerConnection = class extends Connection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  Object.assign(window, {
    setTimeout: (callback: () => void, milliseconds?: number): number => {
      const timer = own.setTimeout(() => {
        timers.delete(timer);
        callback();
      }, milliseconds);
      timers.add(timer);
      return timer;
    },
    setInterval: (callback: () => void, milliseconds?: number): number => {
      const timer = own.setInterval(callback, milliseconds);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer?: number): void => {
      timers.delete(timer);
      own.clearTimeout(timer);
    },
    clearInterval: (timer?: number): void => {
      timers.delete(timer);
      own.clearInterval(timer);
    },
  });

  return {
    get connections() {
      return connections.filter(({ signalingState }) => signalingState !== 'closed');
    },
    allConnections: connections,
    get timers() {
      return timers.size;
    },
    restore() {
      window.RTCPeerConnection = Connection;
      Object.assign(window, own);
    },
  };
}
