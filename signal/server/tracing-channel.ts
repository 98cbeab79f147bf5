/**
 * The log library asks Node for a tracing channel as it loads. Node has them from 18.19 on, but the
 * oldest Electron that runs this server has Node 18.15; there, a channel that nobody listens to
 * stands in. Has to be imported before the log library.
 */
import diagnosticsChannel from 'node:diagnostics_channel';

if (!('tracingChannel' in diagnosticsChannel)) {
  Object.assign(diagnosticsChannel, { tracingChannel: () => ({ hasSubscribers: false }) });
}
