/** The page `/stream`. The connection opens before anything is drawn, so that a join is fast. */
import { createApp } from 'vue';
import { detectDevice, readDeviceFacts } from './capture/device';
import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import './design/icon.css';
import { createBroadcast } from './streaming/create-broadcast';
import { UpdateOffer } from './update/update-offer';
import StreamPage from './views/StreamPage.vue';

const broadcast = createBroadcast();
const update = new UpdateOffer();
const device = detectDevice(readDeviceFacts(navigator));

createApp(StreamPage, {
  broadcast,
  update,
  device,
  location: window.location,
}).mount('#page');

if (device.platform === 'iOS' || device.platform === 'iPadOS') {
  let known: string | undefined;
  const follow = (): void => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
    if (broadcast.key === undefined || broadcast.key === known || link === null) return;
    const key = (known = broadcast.key);
    import('./access/home-screen-manifest')
      .then(({ bringKeyAlong }) => bringKeyAlong(link, key))
      .catch(() => {
        // Out of reach just now: the next change asks again, and a home-screen app for its link.
        known = undefined;
      });
  };
  broadcast.on('changed', follow);
  follow();
}

window.addEventListener('load', () => {
  void import('./update/register-service-worker').then(({ registerServiceWorker }) =>
    registerServiceWorker(
      'serviceWorker' in navigator ? navigator.serviceWorker : undefined,
      update,
    ),
  );
});
