/**
 * Lets a console tell its phones that every tile has room for the full picture, as a wall would
 * that does not make quality follow the tile. Nothing in the console knows of it.
 */

/** The switch inside the page. */
export interface ViewportSwitch {
  /** Tells phones what tiles really show, or that they show everything. */
  follow(isFollowing: boolean): void;
}

declare global {
  interface Window {
    benchViewports: ViewportSwitch;
  }
}

/** Installs the switch, which follows. Runs inside a page before its own scripts. */
export function installViewportSwitch(full: { width: number; height: number }): void {
  const everything = JSON.stringify({ type: 'viewport', viewport: { ...full, isVisible: true } });
  const told = new Map<RTCDataChannel, string>();
  let isFollowing = true;

  // The console sends text only.
  const send: (this: RTCDataChannel, text: string) => void = Reflect.get(
    RTCDataChannel.prototype,
    'send',
  );
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
    const text = String(data);
    const isViewport = text.startsWith('{"type":"viewport"');
    if (isViewport) told.set(this, text);
    send.call(this, isViewport && !isFollowing ? everything : text);
  };

  window.benchViewports = {
    follow: (wanted) => {
      isFollowing = wanted;
      for (const [channel, text] of told) {
        if (channel.readyState === 'open') send.call(channel, wanted ? text : everything);
      }
    },
  };
}
