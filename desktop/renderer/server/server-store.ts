import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { JoinAddress } from '../../../signal/protocol/messages';
import type { SignalingFailure, SignalingStatus } from '../../../signal/client/connection-machine';
import type { Role } from '../../../signal/protocol/fields';
import { CLOSE } from '../../../signal/protocol/close-codes';
import type { ServerState } from '../../bridge/contract';

/** The server connection as people see it; `live` means that signaling is connected. */
export type ServerStatus = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed';

/** Closes that a key can cure. */
const KEY_CODES: readonly number[] = [CLOSE.keyRequired.code, CLOSE.keyRefused.code];

/** Where the server stands, who it is, what it lets us do, and where phones join. */
export const useServerStore = defineStore('server', () => {
  /** Undefined until the host has answered. */
  const hostState = shallowRef<ServerState>();
  const signaling = ref<SignalingStatus>('idle');
  const failure = shallowRef<SignalingFailure>();
  /** Why the server asks for patience, such as a locked room, while we go on trying. */
  const setback = shallowRef<SignalingFailure>();
  /** The server wants a key, or another one; stands until it has taken one. */
  const keyQuestion = shallowRef<SignalingFailure>();
  /** Why another key was not taken, while the one before goes on to hold; until it is read. */
  const keyRefusal = ref<string>();
  /** What the server lets us do; undefined until its first welcome. */
  const role = ref<Role>();
  const clientId = ref<string>();
  const serverName = ref('');
  const hasConnected = ref(false);
  /** The address to show first comes first. Kept while the connection is down. */
  const joinAddresses = shallowRef<readonly JoinAddress[]>([]);
  const pickedUrl = ref<string>();

  const status = computed<ServerStatus>(() => {
    // Signaling may well stand while the host reports trouble with another server.
    if (signaling.value === 'connected') return 'live';
    if (hostState.value?.state === 'failed') return 'failed';
    switch (signaling.value) {
      case 'connecting':
      case 'reconnecting':
      case 'failed':
        return signaling.value;
      case 'idle':
      case 'closed':
        return hostState.value === undefined ? 'idle' : 'connecting';
    }
  });

  /** Why the status is `failed`: a plain sentence. */
  const failureSentence = computed(() =>
    hostState.value?.state === 'failed' ? hostState.value.message : failure.value?.sentence,
  );

  const isOperator = computed(() => role.value === 'operator');
  /** Whether phones can be asked in from here; a viewer cannot, and is not told how. */
  const mayInvite = computed(() => role.value !== 'viewer');

  /** Follows signaling's word. */
  function setSignaling(
    status: SignalingStatus,
    trouble: { failure: SignalingFailure | undefined; setback: SignalingFailure | undefined },
  ): void {
    signaling.value = status;
    ({ failure: failure.value, setback: setback.value } = trouble);
    if (status === 'connected') keyQuestion.value = undefined;
    if (status === 'failed') {
      const asksForKey = KEY_CODES.includes(trouble.failure?.code ?? 0);
      keyQuestion.value = asksForKey ? trouble.failure : undefined;
    }
  }

  /** The certificate that only the operator can vouch for, while it stands in the way. */
  const trustQuestion = computed(() =>
    hostState.value?.state === 'failed' ? hostState.value.trust : undefined,
  );
  /** The operator wants to look at it. */
  const isReviewing = ref(false);

  /** Fingerprint of the root of the server in this app, for others to compare. */
  const ownFingerprint = computed(() =>
    hostState.value?.state === 'ready' && hostState.value.kind === 'embedded'
      ? hostState.value.rootFingerprint
      : undefined,
  );

  const isStarting = computed(() => hostState.value?.state === 'starting');

  /** What the operator should know although all is well. */
  const notice = computed(() =>
    hostState.value?.state === 'ready' ? hostState.value.notice : undefined,
  );

  /** The address shown: the picked one while it exists, else the best. */
  const joinAddress = computed(
    () =>
      joinAddresses.value.find(({ url }) => url === pickedUrl.value) ?? joinAddresses.value.at(0),
  );

  /** Forgets what belonged to the server before. */
  function reset(): void {
    signaling.value = 'idle';
    failure.value = undefined;
    setback.value = undefined;
    keyQuestion.value = undefined;
    keyRefusal.value = undefined;
    role.value = undefined;
    clientId.value = undefined;
    serverName.value = '';
    hasConnected.value = false;
    joinAddresses.value = [];
    pickedUrl.value = undefined;
  }

  return {
    hostState,
    signaling,
    failure,
    setback,
    keyQuestion,
    keyRefusal,
    role,
    clientId,
    isOperator,
    mayInvite,
    setSignaling,
    serverName,
    hasConnected,
    joinAddresses,
    pickedUrl,
    status,
    failureSentence,
    trustQuestion,
    isReviewing,
    ownFingerprint,
    isStarting,
    notice,
    joinAddress,
    reset,
  };
});

export type ServerStore = ReturnType<typeof useServerStore>;
