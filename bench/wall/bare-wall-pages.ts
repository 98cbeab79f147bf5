/**
 * The least that makes a wall: one page with as many sending connections as there are phones, and
 * one with as many receiving connections and `<video>` elements. Everything in here runs inside a
 * page, so it uses nothing but its argument.
 */

/** Place of one picture, in CSS pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

declare global {
  interface Window {
    bareSenders: {
      /** Makes connections; returns their offers, candidates included. */
      call(count: number): Promise<string[]>;
      /** Takes the answers to the latest offers. */
      answered(answers: readonly string[]): Promise<void>;
    };
    bareTiles: {
      /** Makes a connection and a picture for each offer; returns the answers. */
      answer(offers: readonly string[]): Promise<string[]>;
      /** Lays all pictures out. */
      place(places: readonly Place[]): void;
    };
  }
}

/** Installs the sending end, which films with `benchCamera`. */
export function installBareSenders(): void {
  let latest: RTCPeerConnection[] = [];
  window.bareSenders = {
    call: async (count) => {
      latest = Array.from({ length: count }, () => {
        const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        const streams = [new MediaStream()];
        for (const track of window.benchCamera.open().getTracks()) {
          connection.addTransceiver(track, { direction: 'sendonly', streams });
        }
        return connection;
      });
      return Promise.all(
        latest.map(async (connection) => {
          await connection.setLocalDescription();
          if (connection.iceGatheringState !== 'complete') {
            await new Promise<void>((done) => {
              connection.addEventListener('icegatheringstatechange', () => {
                if (connection.iceGatheringState === 'complete') done();
              });
            });
          }
          return connection.localDescription?.sdp ?? '';
        }),
      );
    },
    answered: async (answers) => {
      await Promise.all(
        latest.map((connection, index) =>
          connection.setRemoteDescription({ type: 'answer', sdp: answers[index] ?? '' }),
        ),
      );
    },
  };
}

/** Installs the wall. */
export function installBareTiles(): void {
  // Kept here, or they would be collected with their pictures running.
  const connections: RTCPeerConnection[] = [];
  window.bareTiles = {
    answer: async (offers) =>
      Promise.all(
        offers.map(async (sdp) => {
          const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
          connections.push(connection);
          const video = document.createElement('video');
          Object.assign(video, { muted: true, autoplay: true, playsInline: true });
          document.body.append(video);
          connection.addEventListener('track', ({ streams: [stream] }) => {
            if (stream !== undefined) video.srcObject = stream;
          });
          await connection.setRemoteDescription({ type: 'offer', sdp });
          await connection.setLocalDescription();
          return connection.localDescription?.sdp ?? '';
        }),
      ),
    place: (places) => {
      for (const [index, video] of document.querySelectorAll('video').entries()) {
        const { x, y, width, height } = places[index] ?? { x: 0, y: 0, width: 0, height: 0 };
        Object.assign(video.style, {
          left: `${x}px`,
          top: `${y}px`,
          width: `${width}px`,
          height: `${height}px`,
        });
      }
    },
  };
}
