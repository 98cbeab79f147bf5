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

createApp(StreamPage, {
  broadcast,
  update,
  device: detectDevice(readDeviceFacts(navigator)),
  location: window.location,
}).mount('#page');

window.addEventListener('load', () => {
  void import('./update/register-service-worker').then(({ registerServiceWorker }) =>
    registerServiceWorker(
      'serviceWorker' in navigator ? navigator.serviceWorker : undefined,
      update,
    ),
  );
});
