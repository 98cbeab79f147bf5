import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { UpdateOffer } from '../update/update-offer';

/** Whether a newer version waits, as reactive state; stops listening with its scope. */
export function useUpdateOffer(
  offer: Pick<UpdateOffer, 'isReady' | 'on'>,
): Readonly<ShallowRef<boolean>> {
  const isReady = shallowRef(offer.isReady);
  onScopeDispose(
    offer.on('changed', () => {
      isReady.value = offer.isReady;
    }),
  );
  return isReady;
}
