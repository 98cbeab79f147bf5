/**
 * A switch for everything that finds out figures inside a console: the reports of its connections,
 * the looks at brightness and the readings of sound levels. The console knows nothing of it: its
 * timers and calls are held back at the browser's own functions, and go on when it is on again.
 */

/** What was done since the page was loaded. */
export interface StatisticsCounts {
  /** Reports that connections were asked for. */
  reports: number;
  /** Pictures that were looked at for their brightness. */
  looks: number;
  /** Levels of sound that were read, one for each stream and reading. */
  levels: number;
}

/** By which its timers are known, in milliseconds. */
export interface StatisticsTimers {
  /** Interval at which sound levels are read. */
  readonly soundMs: number;
  /** Time from one look at brightness to the next: a second divided by the tiles. */
  readonly lumaMs: number;
}

/** The switch inside the page. */
export interface StatisticsSwitch {
  readonly counts: StatisticsCounts;
  turn(isOn: boolean): void;
}

declare global {
  interface Window {
    sightlineStatisticsSwitch: StatisticsSwitch;
  }
}

/** Installs the switch, which is on. Runs inside a page before the page's own scripts. */
export function installStatisticsSwitch({ soundMs, lumaMs }: StatisticsTimers): void {
  const counts: StatisticsCounts = { reports: 0, looks: 0, levels: 0 };
  const held: (() => void)[] = [];
  let isOn = true;

  const replace = <T extends object, K extends keyof T>(
    owner: T,
    name: K,
    make: (original: T[K]) => T[K],
  ) => {
    owner[name] = make(owner[name]);
  };

  replace(RTCPeerConnection.prototype, 'getStats', (getStats) => {
    return async function (this: RTCPeerConnection, ...args) {
      if (!isOn) await new Promise<void>((release) => held.push(release));
      counts.reports += 1;
      return getStats.apply(this, args);
    };
  });
  replace(RTCRtpReceiver.prototype, 'getSynchronizationSources', (read) => {
    return function (this: RTCRtpReceiver) {
      counts.levels += 1;
      return read.call(this);
    };
  });

  const setInterval = window.setInterval.bind(window);
  const setTimeout = window.setTimeout.bind(window);
  Object.assign(window, {
    setInterval: (handler: () => void, delay?: number) =>
      setInterval(
        delay === soundMs
          ? () => {
              if (isOn) handler();
            }
          : handler,
        delay,
      ),
    setTimeout: (handler: () => void, delay?: number) => {
      if (delay !== lumaMs) return setTimeout(handler, delay);
      const look = () => {
        counts.looks += 1;
        handler();
      };
      return setTimeout(() => (isOn ? look() : held.push(look)), delay);
    },
  });

  window.sightlineStatisticsSwitch = {
    counts,
    turn: (on) => {
      isOn = on;
      if (on) for (const release of held.splice(0)) release();
    },
  };
}
