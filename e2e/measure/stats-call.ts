/**
 * A call between two connections of one page, and what `getStats` says at both ends of it. Runs
 * inside a page of any browser: it uses nothing from outside itself.
 */

/** All entries of a report, and when it was taken: `performance.now()` of the page. */
export interface RecordedReport {
  takenAt: number;
  entries: Record<string, unknown>[];
}

/** Reports of both ends, taken once a second: pictures flow, then none are sent. */
export interface RecordedCall {
  viewer: { moving: RecordedReport[]; stopped: RecordedReport[] };
  phone: { moving: RecordedReport[]; stopped: RecordedReport[] };
}

/** Makes the call with the page's camera and microphone, and records it. */
export async function recordCall(): Promise<RecordedCall> {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640, height: 360, frameRate: 30 },
  });
  const phone = new RTCPeerConnection();
  const viewer = new RTCPeerConnection();
  phone.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) void viewer.addIceCandidate(candidate);
  });
  viewer.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) void phone.addIceCandidate(candidate);
  });
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  viewer.addEventListener('track', ({ streams: [stream] }) => (video.srcObject = stream ?? null));
  for (const track of media.getTracks()) phone.addTrack(track, media);

  await phone.setLocalDescription();
  if (phone.localDescription === null) throw new Error('There is no offer');
  await viewer.setRemoteDescription(phone.localDescription);
  await viewer.setLocalDescription();
  if (viewer.localDescription === null) throw new Error('There is no answer');
  await phone.setRemoteDescription(viewer.localDescription);
  const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
  while (video.videoWidth === 0) await pause(50);
  await pause(3_000);

  const read = async (connection: RTCPeerConnection): Promise<RecordedReport> => {
    const entries: Record<string, unknown>[] = [];
    const report = await connection.getStats();
    report.forEach((entry: Record<string, unknown>) => entries.push({ ...entry }));
    return { takenAt: Math.round(performance.now()), entries };
  };
  const recordThrice = async () => {
    const viewerReports: RecordedReport[] = [];
    const phoneReports: RecordedReport[] = [];
    for (let round = 0; round < 3; round += 1) {
      viewerReports.push(await read(viewer));
      phoneReports.push(await read(phone));
      await pause(1_000);
    }
    return [viewerReports, phoneReports] as const;
  };
  const [viewerMoving, phoneMoving] = await recordThrice();
  const sender = phone.getSenders().find(({ track }) => track?.kind === 'video');
  await sender?.replaceTrack(null);
  await pause(1_000);
  const [viewerStopped, phoneStopped] = await recordThrice();
  for (const track of media.getTracks()) track.stop();
  phone.close();
  viewer.close();
  return {
    viewer: { moving: viewerMoving, stopped: viewerStopped },
    phone: { moving: phoneMoving, stopped: phoneStopped },
  };
}
