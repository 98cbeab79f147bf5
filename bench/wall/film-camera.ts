/**
 * A camera that costs next to nothing: tiny gray pictures whose encoded frames are replaced by those
 * of the film on their way out (`RTCRtpScriptTransform`), and a microphone that hears nothing. The
 * page knows of none of it. Pictures are made in a worker, which is on time whatever its page does.
 */

/** What a page needs to play the film. */
export interface FilmCameraSettings {
  readonly filmUrl: string;
  readonly framesPerSecond: number;
}

/** The camera inside the page. */
export interface FilmCamera {
  /** Gives pictures, or none. */
  roll(isRolling: boolean): void;
  /** Tracks of one who films. */
  open(): MediaStream;
}

declare global {
  interface Window {
    benchCamera: FilmCamera;
  }
}

/** Chromium's own, not in TypeScript's library: a track of the pictures that are written to it. */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(init: { kind: 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

/** What a worker is told of one sender. */
interface SenderEvent extends Event {
  readonly transformer: {
    readonly readable: ReadableStream<RTCEncodedVideoFrame>;
    readonly writable: WritableStream<RTCEncodedVideoFrame>;
  };
}

/** What a page tells its worker. */
type WorkerOrder =
  | { readonly film: ArrayBuffer }
  | { readonly pictures: WritableStream<VideoFrame>; readonly framesPerSecond: number }
  | { readonly isRolling: boolean };

/** Installs the camera, which rolls. Runs inside a page before its own scripts. */
export function installFilmCamera({ filmUrl, framesPerSecond }: FilmCameraSettings): void {
  const worker = new Worker(
    URL.createObjectURL(
      new Blob([`globalThis.__name = (named) => named; (${playFilm.toString()})();`]),
    ),
  );
  const tell = (order: WorkerOrder, transferred: Transferable[] = []) =>
    worker.postMessage(order, transferred);
  void fetch(filmUrl)
    .then((response) => response.arrayBuffer())
    .then((film) => tell({ film }));

  let silence: MediaStreamTrack | undefined;
  const openSilence = () => {
    const context = new AudioContext();
    // What is not even silent is sent as nothing: two dozen sounds would leave pictures no core.
    void context.suspend();
    return context.createMediaStreamDestination().stream.getAudioTracks()[0];
  };
  window.benchCamera = {
    open: () => {
      const picture = new MediaStreamTrackGenerator({ kind: 'video' });
      const { writable } = picture;
      tell({ pictures: writable, framesPerSecond }, [writable]);
      silence ??= openSilence();
      return new MediaStream([picture, ...(silence === undefined ? [] : [silence.clone()])]);
    },
    roll: (isRolling) => tell({ isRolling }),
  };
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(window.benchCamera.open());

  const addTransceiver: (
    this: RTCPeerConnection,
    what: MediaStreamTrack | string,
    init?: RTCRtpTransceiverInit,
  ) => RTCRtpTransceiver = Reflect.get(RTCPeerConnection.prototype, 'addTransceiver');
  RTCPeerConnection.prototype.addTransceiver = function (this: RTCPeerConnection, what, init) {
    const transceiver = addTransceiver.call(this, what, init);
    if ((typeof what === 'string' ? what : what.kind) === 'video') {
      transceiver.sender.transform = new RTCRtpScriptTransform(worker);
    }
    return transceiver;
  };

  /** Runs inside the worker. Frames before the film has come are dropped. */
  function playFilm(): void {
    let film: readonly ArrayBuffer[] = [];
    let isRolling = true;
    let sources = 0;

    const cut = (data: ArrayBuffer): ArrayBuffer[] => {
      const lengths = new DataView(data);
      const frames: ArrayBuffer[] = [];
      for (let at = 0; at < data.byteLength;) {
        const end = at + 4 + lengths.getUint32(at, true);
        frames.push(data.slice(at + 4, end));
        at = end;
      }
      return frames;
    };

    const makePictures = (pictures: WritableStream<VideoFrame>, rate: number) => {
      const [codedWidth, codedHeight] = [64, 36];
      const grays = [100, 140].map((gray) =>
        new Uint8Array((codedWidth * codedHeight * 3) / 2).fill(gray),
      );
      const writer = pictures.getWriter();
      let count = 0;
      const film = () => {
        const gray = grays[count % 2];
        if (!isRolling || gray === undefined) return;
        count += 1;
        const timestamp = Math.round(performance.now() * 1_000);
        const picture = new VideoFrame(gray, {
          format: 'I420',
          codedWidth,
          codedHeight,
          timestamp,
        });
        void writer.write(picture);
      };
      // No two phones film in the same moment: the golden section spreads them evenly.
      const period = 1_000 / rate;
      sources += 1;
      setTimeout(() => setInterval(film, period), ((sources * 0.618) % 1) * period);
    };

    addEventListener('message', ({ data }: MessageEvent<WorkerOrder>) => {
      if ('film' in data) film = cut(data.film);
      else if ('pictures' in data) makePictures(data.pictures, data.framesPerSecond);
      else isRolling = data.isRolling;
    });

    const isOfSender = (event: Event): event is SenderEvent => 'transformer' in event;
    addEventListener('rtctransform', (event) => {
      if (!isOfSender(event)) return;
      const { readable, writable } = event.transformer;
      let next = 0;
      const replace = new TransformStream<RTCEncodedVideoFrame, RTCEncodedVideoFrame>({
        transform: (encoded, controller) => {
          // Whoever asks for a key frame gets the only one: the film's first.
          if (encoded.type === 'key') next = 0;
          const picture = film[next];
          if (picture === undefined) return;
          encoded.data = picture.slice(0);
          next = (next + 1) % film.length;
          controller.enqueue(encoded);
        },
      });
      // It ends with its connection.
      readable
        .pipeThrough(replace)
        .pipeTo(writable)
        .catch(() => undefined);
    });
  }
}
