import type { ControlClient } from './control.js';
import { isDrained } from './control.js';
import type { AppName } from './plan.js';

/**
 * Waits until the feed has ended and every layer, in order, has processed its input to the end and got everything it sent
 * acknowledged; has silver close what is still open; waits again. Then nothing is on its way any more, and the layers can
 * be stopped as soon as they can publish what they hold: on a full disk that is when there is room.
 */
export async function drain(control: ControlClient, url: (app: AppName) => string): Promise<void> {
  await control.until(
    () => control.feed(url('producer')),
    (feed) => feed.done,
  );
  const drained = (app: AppName): Promise<unknown> => control.until(() => control.lanes(url(app)), isDrained);
  await drained('bronze');
  await drained('silver');
  await control.closeWindows(url('silver'));
  await drained('silver');
  await drained('gold');
  for (const app of ['bronze', 'silver', 'gold'] as const)
    await control.until(
      () => control.isReady(url(app)),
      (isReady) => isReady,
    );
}
