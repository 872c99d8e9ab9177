import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf, titleOf } from '../assets/js/utils/titles';

test('the page in a title is found again', () => {
  for (const page of ['Visits', 'A · B', 'Café · ']) assert.equal(pageOf(titleOf(page, 'Café'), 'Café'), page);
  assert.equal(pageOf('Café', 'Café'), 'Café');
  assert.equal(titleOf('', 'Café'), 'Café');
  assert.equal(titleOf('Café', 'Café'), 'Café');
});
