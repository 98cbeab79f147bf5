/**
 * A camera and a microphone that a test can spoil while they run: a canvas of moving noise and the
 * sound of a room, in place of what `getUserMedia` would open.
 */
import type { PhonePage } from './phone-page';

/** What the camera shows. `stopped` gives no further picture. */
export type ScenePicture = 'moving' | 'black' | 'stopped';

/** What the microphone hears. */
export type SceneSound = 'room' | 'silent' | 'clipped';

interface Scene {
  picture: ScenePicture;
  setSound: (sound: SceneSound) => void;
}

declare global {
  interface Window {
    sightlineScene?: Scene;
  }
}

/** Replaces camera and microphone of a phone page; call it before the page opens them. */
export async function installScene(phone: PhonePage): Promise<void> {
  await phone.page.evaluate(replaceMedia);
}

/** Spoils the picture, or makes it good again. */
export async function setPicture(phone: PhonePage, picture: ScenePicture): Promise<void> {
  await phone.page.evaluate((wanted) => {
    if (window.sightlineScene === undefined) throw new Error('The camera was not opened yet.');
    window.sightlineScene.picture = wanted;
  }, picture);
}

/** Spoils the sound, or makes it good again. */
export async function setSound(phone: PhonePage, sound: SceneSound): Promise<void> {
  await phone.page.evaluate((wanted) => {
    if (window.sightlineScene === undefined) throw new Error('The camera was not opened yet.');
    window.sightlineScene.setSound(wanted);
  }, sound);
}

/** Runs inside the page, so it uses nothing but what is there. */
function replaceMedia(): void {
  const [width, height, rate] = [640, 360, 30];
  // One after another, also where a phone opens its camera anew.
  let close = (): void => undefined;

  navigator.mediaDevices.getUserMedia = (constraints) => {
    close();
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser gives no canvas to paint a scene on.');
    const scene: Scene = { picture: 'moving', setSound: () => undefined };
    window.sightlineScene = scene;

    let frame = 0;
    const paint = () => {
      if (scene.picture === 'stopped') return;
      frame += 1;
      context.fillStyle = '#000';
      context.fillRect(0, 0, width, height);
      if (scene.picture === 'black') return;
      // Cuts between dark and bright scenes now and then, with grain over all of it.
      const light = 24 + 20 * (Math.floor(frame / 90) % 3);
      for (let block = 0; block < 240; block += 1) {
        context.fillStyle = `hsl(${(block * 37 + frame) % 360} 60% ${light * (0.5 + Math.random())}%)`;
        const x = (block * 97 + frame * 3) % width;
        context.fillRect(x, (block * 61) % height, 44, 28);
      }
    };
    const timer = setInterval(paint, 1_000 / rate);
    paint();
    const media = canvas.captureStream(rate);

    const audio = new AudioContext();
    const noise = audio.createBuffer(1, audio.sampleRate * 4, audio.sampleRate);
    const samples = noise.getChannelData(0);
    // Brown-ish noise that swells and fades, with pauses as between sentences.
    let last = 0;
    for (let index = 0; index < samples.length; index += 1) {
      last = last * 0.97 + (Math.random() * 2 - 1) * 0.06;
      const seconds = index / audio.sampleRate;
      const swell = seconds % 2 < 0.7 ? 0.02 : 0.4 + 0.6 * Math.abs(Math.sin(seconds * 7));
      samples[index] = last * swell;
    }
    const room = new AudioBufferSourceNode(audio, { buffer: noise, loop: true });
    const roomGain = new GainNode(audio, { gain: 1 });
    const shout = new OscillatorNode(audio, { type: 'square', frequency: 300 });
    const shoutGain = new GainNode(audio, { gain: 0 });
    const output = new MediaStreamAudioDestinationNode(audio);
    room.connect(roomGain).connect(output);
    shout.connect(shoutGain).connect(output);
    room.start();
    shout.start();
    scene.setSound = (sound) => {
      roomGain.gain.value = sound === 'room' ? 1 : 0;
      shoutGain.gain.value = sound === 'clipped' ? 1 : 0;
    };
    close = () => {
      clearInterval(timer);
      void audio.close();
    };
    const audioTracks = constraints?.audio === undefined ? [] : output.stream.getAudioTracks();
    const videoTracks = constraints?.video === undefined ? [] : media.getVideoTracks();
    return Promise.resolve(new MediaStream([...videoTracks, ...audioTracks]));
  };
}
