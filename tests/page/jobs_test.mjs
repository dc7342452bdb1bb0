// The five jobs, by somebody who sees the page for the first time: what is clicked is what the page says.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Person} from './browser.mjs';

const e = encodeURIComponent;

export function jobs(use) {
  test('find and read: typing filters, / jumps into the search, the address can be sent', async () => {
    const someone = await Person.visit(use.service.at);
    const {page} = someone;
    await page.getByRole('link', {name: /^lessons\// }).click();
    await page.getByRole('link', {name: 'explain', exact: true}).waitFor();
    assert.equal(await page.getByRole('link', {name: 'greeting'}).count(), 0);
    await page.keyboard.press('/');
    await page.keyboard.type('Picture in Words'); // only the newest text has it
    await page.getByText('1 prompt found').waitFor();
    const sent = page.url();
    await page.getByRole('link', {name: 'lessons/explain'}).click();
    await page.getByRole('heading', {name: 'explain'}).waitFor();
    assert.match(await page.locator('section[aria-label=Text] pre').first().innerText(), /patient teacher/);
    await page.goto('about:blank');
    await page.goto(sent);
    await page.getByText('1 prompt found').waitFor();
    await page.getByLabel('Search').fill('nothing has this');
    await page.getByRole('heading', {name: 'Nothing found'}).waitFor();
    someone.faults = someone.faults.filter((f) => !f.includes('about:blank'));
    await someone.leave();
  });

  test('change and try: a mistake is underlined with its sentence, fields appear, hits are marked, saving shows what changes', async () => {
    const ada = await Person.visit(use.service.at, {hash: `#/prompts/${e('lessons/explain')}`, key: use.keys.write});
    const {page} = ada;
    await page.getByRole('heading', {name: 'explain'}).focus();
    await page.keyboard.press('e');
    const text = page.getByLabel('Text of the prompt');
    await text.fill('Explain {{ topic }} with {{ broken( }} words.');
    await page.locator('.under .wrong').first().waitFor();
    assert.equal(await text.getAttribute('aria-invalid'), 'true');
    assert.match(await page.locator('.problems').innerText(), /Line 1, column \d+:/);
    await text.fill('Explain {{ topic }} to {{ reader }}.\n');
    await page.getByLabel('Value of reader').fill('Ada');
    await page.getByLabel('Value of topic').fill('call me, my number is 078-05-1120');
    await page.getByText('This render would be refused.').waitFor();
    assert.equal(await page.locator('[data-variable=topic] .hit').innerText(), '078-05-1120');
    await page.getByText('found by pii_detection_basic').waitFor();
    await page.getByLabel('Value of topic').fill('light');
    await page.getByText('Explain light to Ada.').waitFor();
    let previews = 0;
    page.on('request', (r) => { previews += r.url().endsWith('/v1/preview') ? 1 : 0; });
    await page.getByLabel('Value of topic').pressSequentially(' and colour, quickly typed', {delay: 40});
    const typing = 26 * 40 / 1000;
    await page.getByText('Explain light and colour, quickly typed to Ada.').waitFor();
    assert.ok(previews <= 4 * (typing + 1) + 1, `${previews} previews in ${typing} s of typing`);
    await page.keyboard.press('Control+s');
    const save = page.getByRole('dialog');
    await save.getByText('production stays at 2').waitFor();
    await save.locator('tr.changed').first().waitFor();
    assert.equal(await save.getByRole('button', {name: 'Save'}).isDisabled(), true);
    await page.keyboard.type('Says it shorter');
    await page.keyboard.press('Enter');
    await page.getByText('Saved as version 3.').waitFor();
    const {content} = await use.service.ask('GET', `/v1/prompts/${e('lessons/explain')}?label=latest`);
    assert.deepEqual([content.version, content.template, content.commit_message], [3, 'Explain {{ topic }} to {{ reader }}.\n', 'Says it shorter']);
    assert.equal((await use.service.ask('GET', `/v1/prompts/${e('lessons/explain')}`)).content.version, 2);
    await ada.leave();
  });

  test('release and take back: both texts, a reason, the way back, and one list of who moved what', async () => {
    const ada = await Person.visit(use.service.at, {hash: `#/prompts/${e('lessons/explain')}`, key: use.keys.write});
    const {page} = ada;
    await page.getByRole('row', {name: /Version 3/}).getByRole('button', {name: 'Release'}).click();
    const ask = page.getByRole('dialog');
    await ask.locator('tr.changed').first().waitFor();
    assert.equal(await ask.getByRole('button', {name: 'Release'}).isDisabled(), true); // production needs a reason
    await ask.getByLabel('Reason').fill('Shorter, and tried');
    await ask.getByRole('button', {name: 'Release'}).click();
    await page.getByText('production moved from version 2 to version 3.').first().waitFor();
    const production = async () => (await use.service.ask('GET', `/v1/prompts/${e('lessons/explain')}`)).content.version;
    assert.equal(await production(), 3);
    await page.locator('.notice').getByRole('button', {name: 'Back to 2'}).click();
    await ask.getByRole('button', {name: 'Back to 2'}).click();
    await page.getByText('production moved from version 3 to version 2.').first().waitFor();
    assert.equal(await production(), 2);
    const releases = page.getByRole('region', {name: 'Releases'});
    await releases.getByText('Shorter, and tried').waitFor();
    await releases.getByText('Back from version 3').waitFor();
    await releases.getByText('willy').first().waitFor();
    await ada.leave();
  });

  test('experiment: weights that sum to 100, started, a sentence, promoted with a reason', async (t) => {
    if ((await use.service.ask('GET', '/v1/experiments')).status === 404) {
      console.log('NOT RUN: the experiment, since this program has no /v1/experiments');
      return t.skip('this program has no /v1/experiments');
    }
    const ada = await Person.visit(use.service.at, {hash: '#/experiments', key: use.keys.write});
    const {page} = ada;
    await ada.button('New experiment').first().click();
    await page.getByLabel('Prompt', {exact: true}).fill('lessons/explain');
    await ada.button('Add a variant').click();
    await page.getByLabel('Weight of b').focus();
    for (let i = 0; i < 7; ++i) await page.keyboard.press('ArrowLeft');
    const weights = (await page.locator('.variants output').allInnerTexts()).map((x) => parseInt(x, 10));
    assert.equal(weights.reduce((a, b) => a + b), 100);
    await page.getByRole('button', {name: 'Remove'}).last().click();
    await page.getByLabel('Name of the experiment').fill('shorter');
    await page.getByLabel('Outcomes needed in each variant').fill('20');
    await ada.button('Start', {exact: true}).click();
    await page.getByRole('heading', {name: 'shorter'}).waitFor();
    const promote = ada.button('Promote', {exact: true});
    assert.equal(await promote.isDisabled(), true);
    for (let i = 0; i < 60; ++i) {
      const {execution_id, variant} = await use.service.must('POST', `/v1/prompts/${e('lessons/explain')}/render?durable=true`, {user_id: `person-${i}`, variables: {topic: 'x', grade: '1', reader: 'y'}});
      await use.service.must('PATCH', `/v1/executions/${execution_id}`, {status: variant === 'b' || i % 5 === 0 ? 'success' : 'failure'});
    }
    await page.reload();
    await ada.useKey(use.keys.write);
    await page.locator('.lead').waitFor();
    assert.match(await page.locator('.lead').innerText(), /b /);
    await page.locator('canvas').waitFor();
    await use.shoot(ada, 'experiment');
    await promote.click();
    await page.getByRole('dialog').getByLabel('Variant').selectOption('b');
    await page.getByRole('dialog').getByLabel('Reason').fill('b answers far better');
    await page.getByRole('dialog').getByRole('button', {name: 'Promote'}).click();
    await page.getByText('b was promoted').waitFor();
    assert.equal((await use.service.ask('GET', `/v1/prompts/${e('lessons/explain')}`)).content.version, 3);
    await use.service.must('PUT', `/v1/prompts/${e('lessons/explain')}/labels/production`, {version: 2, reason: 'as it was before the test'});
    await ada.leave();
  });

  test('find out what went wrong: filters in the address, one execution, its version', async () => {
    const ada = await Person.visit(use.service.at, {hash: '#/executions', key: use.keys.write});
    const {page} = ada;
    await page.getByLabel('Outcome').selectOption('failure');
    await page.waitForURL(/status=failure/);
    await page.getByText('timeout').first().waitFor();
    assert.equal(await page.locator('tbody .chip', {hasText: 'success'}).count(), 0);
    await page.getByRole('row', {name: /timeout/}).getByRole('link').first().click();
    await page.getByText('The model did not answer in 30 s').waitFor();
    await page.getByText('You are a patient teacher.').first().waitFor();
    await page.goBack();
    await page.getByLabel('Outcome').selectOption('blocked');
    await page.locator('tbody th a').first().click();
    await page.getByText('pii_detection_basic').waitFor();
    assert.equal((await page.locator('main').innerText()).includes('078-05-1120'), false); // as it is stored
    await page.getByRole('link', {name: 'lessons/explain'}).click();
    await page.getByRole('heading', {name: 'explain'}).waitFor();
    await ada.leave();
  });
}
