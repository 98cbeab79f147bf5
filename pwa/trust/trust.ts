/** `/trust`: how a phone that has never been here comes to trust this server. */
import '../design/tokens.css';
import '../design/base.css';
import '../design/controls.css';
import './trust.css';
import { browserProbes } from './probes';
import { startTrustPage } from './trust-page';

startTrustPage({ location: window.location, navigator: window.navigator, probes: browserProbes() });
