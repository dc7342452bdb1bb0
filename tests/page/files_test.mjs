// The library as a file, and what a long history needs: older versions, and labels that are gone.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {Person} from './browser.mjs';

const e = encodeURIComponent;

export function files(use) {
  test('the library goes out as the service writes it, and comes in after what would be done was shown', async () => {
    const ada = await Person.visit(use.service.at, {hash: '#/service', key: use.keys.admin});
    const {page} = ada;
    const [download] = await Promise.all([page.waitForEvent('download'), ada.button('Download').click()]);
    assert.match(download.suggestedFilename(), /^prompts-\d{4}-\d\d-\d\d\.json$/);
    const text = readFileSync(await download.path(), 'utf8');
    const exported = await fetch(`${use.service.at}/v1/export`, {headers: {Authorization: `Bearer ${use.keys.admin}`}});
    assert.equal(text, await exported.text()); // byte for byte

    const library = JSON.parse(text);
    const explain = library.prompts.find((p) => p.name === 'lessons/explain');
    const added = {...explain, name: 'brought/in', labels: {production: 1}, versions: explain.versions.slice(0, 1)};
    const differs = {...explain, labels: {}, versions: [{...explain.versions[0], template: 'Another text.', variables: []}]};
    const file = (content) => ({name: 'library.json', mimeType: 'application/json', buffer: Buffer.from(content)});
    await ada.button('Bring in…').click();
    const box = page.getByRole('dialog');
    const add = box.getByRole('button', {name: 'Add it'});
    assert.equal(await add.isDisabled(), true);
    await box.getByLabel('File').setInputFiles(file('{"format":"something else"}'));
    await box.getByText('prompt-service/1').waitFor(); // the service's own sentence
    await box.getByLabel('File').setInputFiles(file(text));
    await box.getByText('Nothing would be added.').waitFor();
    assert.equal(await add.isDisabled(), true);
    await box.getByLabel('File').setInputFiles(file(JSON.stringify({...library, prompts: [added, differs], guardrails: []})));
    await box.getByText('2 things would be added.').waitFor();
    await box.getByText('1 thing here differs and would stay as it is.').waitFor();
    await box.getByText('brought/in, version 1').waitFor();
    await ada.audit('bringing a library in');
    assert.equal((await use.service.ask('GET', `/v1/prompts/${e('brought/in')}`)).status, 404); // a dry run so far
    await add.click();
    await page.getByText('2 things added, 1 left as they were.').waitFor();
    assert.equal((await use.service.ask('GET', `/v1/prompts/${e('brought/in')}`)).content.version, 1);
    await ada.leave();
    const willy = await Person.visit(use.service.at, {hash: '#/service', key: use.keys.write});
    assert.equal(await willy.page.getByRole('button', {name: /^Bring in… needs admin/}).isDisabled(), true);
    await willy.leave();
  });

  test('versions older than the newest 100 are a button away, and labels that were removed keep their history', async () => {
    const name = 'lessons/long';
    const at = `/v1/prompts/${e(name)}`;
    const version = (n) => ({version: n, type: 'text', template: `Text ${n}.`, variables: [], config: {}, commit_message: `Change ${n}`, created_at: '2026-01-31T12:00:00Z', created_by: 'me'});
    await use.service.must('POST', '/v1/import', {format: 'prompt-service/1', guardrails: [],
      prompts: [{name, category: null, description: null, archived: false, labels: {production: 2}, versions: Array.from({length: 130}, (_, i) => version(i + 1))}]});
    await use.service.must('PUT', `${at}/labels/tried`, {version: 7, reason: 'A trial in spring'});
    await use.service.must('DELETE', `${at}/labels/tried`);
    const ada = await Person.visit(use.service.at, {hash: `#/prompts/${e(name)}`, key: use.keys.write});
    const {page} = ada;
    await page.getByText('Text 2.').first().waitFor(); // production, though its version is not among the newest
    const shown = page.getByRole('region', {name: 'Versions'}).locator('tbody tr');
    assert.equal(await shown.count(), 100);
    await page.getByText('The newest 100 are shown.').waitFor();
    await ada.button('Show older ones').click();
    await page.getByText('Change 1', {exact: true}).waitFor();
    assert.equal(await shown.count(), 130);
    assert.equal(await ada.button('Show older ones').count(), 0);
    const releases = page.getByRole('region', {name: 'Releases'});
    await releases.getByText('A trial in spring').waitFor();
    await releases.getByText('removed').waitFor();
    await ada.audit('a long history');
    await ada.leave();
  });
}
