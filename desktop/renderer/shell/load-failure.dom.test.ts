import { expect, it, vi } from 'vitest';
import { showLoadFailure } from './load-failure';

it('says in place of the console that a part of it is missing, and loads it again', () => {
  document.body.innerHTML = '<div id="app">half a console</div>';
  const reload = vi.spyOn(window.location, 'reload').mockReturnValue();
  showLoadFailure(document);
  const alert = document.querySelector('#app > [role="alert"]');
  expect(document.querySelector('#app')?.textContent).not.toContain('half a console');
  expect(alert?.textContent).toContain('could not be loaded');
  alert?.querySelector('button')?.click();
  expect(reload).toHaveBeenCalledOnce();
});
