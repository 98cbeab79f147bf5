/** Puts the console together: one host, one control room, one registry, one app. */
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { StatsPoller } from '../../signal/rtc/stats/stats-poller';
import App from './App.vue';
import { useAnnouncerStore } from './announcements/announcer-store';
import { sentenceOf } from './announcements/sentence-of';
import type { Host } from './host/host';
import { pageStorage } from './host/page-storage';
import { AlertEngine } from './health/alert-engine';
import { readAlertSettings } from './health/alert-settings';
import { followHealth, useHealthStore } from './health/health-store';
import {
  controlRoomKey,
  historyKey,
  hostKey,
  monitorKey,
  phoneControlsKey,
  registryKey,
  sensesKey,
  viewportsKey,
} from './injection';
import { observeStreams } from './observe-streams';
import { useRoomStore } from './room/room-store';
import { ControlRoom } from './server/control-room';
import type { LinkAhead } from './server/link-ahead';
import { openLink, openSignaling, type StreamsLink } from './server/open-link';
import { useServerStore } from './server/server-store';
import { SessionHistory } from './statistics/session-history';
import { SessionRecorder } from './statistics/session-recorder';
import { StreamRegistry } from './streams/stream-registry';
import { useWallStore } from './streams/wall-store';

/** Where the console runs, and the link that was opened while it was being loaded. */
export interface ConsoleStart {
  readonly host: Host;
  readonly ahead: Pick<LinkAhead<StreamsLink>, 'take'>;
}

/** See the head of this file. Once per page. */
export function startConsole({ host, ahead }: ConsoleStart): void {
  const app = createApp(App);
  app.use(createPinia());

  const registry = new StreamRegistry({ wall: useWallStore(), poller: new StatsPoller() });
  const alerts = new AlertEngine(readAlertSettings(pageStorage(window)));
  const { senses, controls, viewports, monitor } = observeStreams(registry, alerts);
  host.watchWindow((isShown) => viewports.setWindowShown(isShown));
  followHealth(monitor, useHealthStore());
  const history = new SessionHistory();
  // After the monitor, whose verdicts it keeps.
  const recorder = new SessionRecorder({ registry, monitor, history });
  const room = new ControlRoom({
    host,
    registry,
    server: useServerStore(),
    room: useRoomStore(),
    openLink(origin, key) {
      const link = ahead.take(origin, key) ?? openLink(origin, key);
      controls.attach(link.streams);
      return link;
    },
    openTrial: openSignaling,
  });

  const announcer = useAnnouncerStore();
  registry.on('stateChanged', (info, state, before) => {
    const sentence = sentenceOf(info, state, before);
    if (sentence !== undefined) announcer.say(sentence);
  });

  // A closed page says goodbye, so that viewer counts fall at once; one that returns starts anew.
  window.addEventListener('pagehide', () => {
    recorder.end();
    room.close();
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) room.open();
  });

  app.provide(hostKey, host);
  app.provide(registryKey, registry);
  app.provide(monitorKey, monitor);
  app.provide(sensesKey, senses);
  app.provide(viewportsKey, viewports);
  app.provide(phoneControlsKey, controls);
  app.provide(controlRoomKey, room);
  app.provide(historyKey, { recorder, history });
  room.open();
  app.mount('#app');
}
