import { openingWords } from '../wording/opening-words';

/**
 * Says in place of the console that it could not be loaded, with the way to try again: its server
 * went away in between, or was replaced by another version.
 */
export function showLoadFailure(page: Document): void {
  const notice = page.createElement('p');
  notice.textContent = openingWords.notLoaded;
  const again = page.createElement('button');
  again.type = 'button';
  again.className = 'button button-primary';
  again.textContent = openingWords.loadAgain;
  again.addEventListener('click', () => page.defaultView?.location.reload());
  const failure = page.createElement('div');
  failure.className = 'load-failure';
  failure.setAttribute('role', 'alert');
  failure.append(notice, again);
  page.querySelector('#app')?.replaceChildren(failure);
}
