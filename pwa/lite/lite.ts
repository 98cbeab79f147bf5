/** The light page, `/mobile-stream.html`: the same broadcast as `/stream`, drawn by hand. */
import { MAX_LABEL_LENGTH } from '../../signal/protocol/limits';
import { detectDevice, readDeviceFacts } from '../capture/device';
import '../design/tokens.css';
import './lite.css';
import type { BroadcastState } from '../streaming/broadcast-state';
import { createBroadcast } from '../streaming/create-broadcast';
import { everySecondSince } from '../streaming/second-ticks';
import type * as StateSentences from '../state-sentences';
import { START, WHY_PERMISSION, connectionWording, statusWording } from '../wording';
import { elements as $ } from './elements';

const broadcast = createBroadcast();
const device = detectDevice(readDeviceFacts(navigator));
let shown: BroadcastState | undefined;
/** There soon after the page has loaded. */
let sentences: typeof StateSentences | undefined;
let stopClock: (() => void) | undefined;

function show(state: BroadcastState): void {
  const before = shown;
  shown = state;
  const isOnAir =
    state.phase !== 'idle' && (state.phase !== 'failed' || state.liveSinceMs !== undefined);
  $.setup.hidden = isOnAir || state.phase === 'failed';
  $.live.hidden = !isOnAir;
  $.status.dataset['state'] = state.phase;
  setText($.announcement, sentences?.announcementWording(state) ?? '');
  setText($.label, state.label);
  if (state.label !== before?.label) $.name.value = state.label;
  setText($.viewerCount, String(state.viewerCount));
  if (state.video !== before?.video) showPicture(state.video);
  $.preview.hidden = state.phase === 'failed';
  $.preview.classList.toggle('mirrored', state.isMirrored);
  $.mute.disabled = !state.hasAudio;
  $.mute.setAttribute('aria-pressed', String(state.isMuted));
  $.switchCamera.disabled = !state.canSwitchCamera || state.isSwitching;
  showBanner(state);
  if (state.problem !== before?.problem) showProblem(state);
  if (state.liveSinceMs !== before?.liveSinceMs || before === undefined) runClock(state);
  else showStatus(state, Date.now());
  if (isOnAir && before?.phase === 'idle') $.live.focus();
}

function showStatus(state: BroadcastState, nowMs: number): void {
  setText(
    $.status,
    state.phase === 'idle' ? connectionWording(state) : statusWording(state, nowMs),
  );
}

function runClock(state: BroadcastState): void {
  stopClock?.();
  stopClock = undefined;
  if (state.liveSinceMs === undefined) showStatus(state, Date.now());
  else {
    stopClock = everySecondSince(state.liveSinceMs, (nowMs) => showStatus(shown ?? state, nowMs));
  }
}

function showPicture(track: MediaStreamTrack | undefined): void {
  // A stream of its own, without sound: a phone that plays its own microphone howls.
  $.preview.srcObject = track === undefined ? null : new MediaStream([track]);
}

function showBanner(state: BroadcastState): void {
  const notice = sentences?.noticeWording(state);
  $.notice.hidden = notice === undefined;
  setText($.notice, notice ?? '');
  const banner = sentences?.bannerWording(state);
  $.banner.hidden = banner === undefined || state.phase === 'failed';
  setText($.banner, banner ?? '');
  $.restart.hidden = state.phase === 'failed' || state.capture !== 'interrupted';
}

function showProblem({ problem }: BroadcastState): void {
  if (problem === undefined) {
    $.problem.hidden = true;
    return;
  }
  loadPanel().then(
    ({ writeProblem }) => {
      if (shown?.problem !== problem) return;
      writeProblem($.problem, problem, { broadcast, device, location: window.location });
    },
    () => {
      setText($.problem, problem.sentence ?? 'Something went wrong. Reload this page.');
      $.problem.hidden = false;
    },
  );
}

const loadPanel = () => import('./problem-panel');

/** Leaves what is right alone, so that screen readers do not read it again. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function takeName(): void {
  broadcast.setLabel($.name.value);
  $.name.value = broadcast.state.label;
}

$.tooOld.hidden = true;
$.why.textContent = WHY_PERMISSION;
$.start.textContent = START;
$.name.maxLength = MAX_LABEL_LENGTH;
$.name.addEventListener('change', takeName);
$.setup.addEventListener('submit', (event) => {
  event.preventDefault();
  takeName();
  void broadcast.start();
});
$.stop.addEventListener('click', () => broadcast.stop());
$.mute.addEventListener('click', () => broadcast.setMuted(!broadcast.state.isMuted));
$.switchCamera.addEventListener('click', () => void broadcast.switchCamera());
$.restart.addEventListener('click', () => broadcast.restartCamera());
$.banner.addEventListener('click', () => broadcast.dismissNotice());
// Fetched once nothing else is, so that they are there when the server is not.
window.addEventListener('load', () => {
  void loadPanel().catch(() => undefined);
  import('../state-sentences').then(
    (loaded) => {
      sentences = loaded;
      show(broadcast.state);
    },
    () => {
      // The server has just gone: the status goes on to say the same in few words.
    },
  );
});
broadcast.on('changed', show);
show(broadcast.state);
