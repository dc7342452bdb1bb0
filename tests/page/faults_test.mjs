// What goes wrong around a person: a lost database, somebody else, a key without rights, a script in a text, the start.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Person} from './browser.mjs';
import {Service, pause, until} from './service.mjs';

const e = encodeURIComponent;

export function faults(use) {
  test('two people edit one prompt: the second is told, and keeps the text', async () => {
    await use.service.must('POST', '/v1/prompts', {name: 'shared', template: 'One.\n', labels: ['production']});
    const people = [];
    for (const key of [use.keys.admin, use.keys.write]) people.push(await Person.visit(use.service.at, {hash: '#/edit/shared', key}));
    const [ada, willy] = people;
    await willy.page.getByLabel('Text of the prompt').fill('Of Willy.\n');
    await ada.page.getByLabel('Text of the prompt').fill('Of Ada.\n');
    for (const [person, why] of [[ada, 'first'], [willy, 'second']]) {
      await person.page.keyboard.press('Control+s');
      await person.page.getByLabel('Why, in one line').fill(why);
      await person.page.getByRole('dialog').getByRole('button', {name: 'Save', exact: true}).click();
    }
    const told = willy.page.getByRole('dialog', {name: 'ada has saved version 2 meanwhile'});
    await told.getByText('Of Ada.').waitFor();
    await told.getByText('Of Willy.').waitFor();
    await told.getByRole('button', {name: 'Cancel'}).click();
    assert.equal(await willy.page.getByLabel('Text of the prompt').inputValue(), 'Of Willy.\n');
    await willy.page.keyboard.press('Control+s');
    await willy.page.getByRole('dialog').getByText('version 3').first().waitFor();
    assert.equal(await willy.page.getByLabel('Why, in one line').inputValue(), 'second');
    await willy.page.getByRole('dialog').getByRole('button', {name: 'Save', exact: true}).click();
    await willy.page.getByText('Saved as version 3.').waitFor();
    for (const person of people) await person.leave();
  });

  test('a key without rights: what it may not do is disabled, with the scope that is missing', async () => {
    const rita = await Person.visit(use.service.at, {key: use.keys.read});
    const {page} = rita;
    const fresh = page.getByRole('button', {name: /New prompt/});
    assert.equal(await fresh.isDisabled(), true);
    assert.match(await fresh.innerText(), /needs write/);
    await rita.go(`#/prompts/${e('lessons/explain')}`);
    for (const name of [/^Edit/, /^Release…/, /^Archive/]) assert.equal(await page.getByRole('button', {name}).isDisabled(), true);
    await page.getByLabel('Value of topic').fill('light');
    await page.getByLabel('Value of grade').fill('4');
    await page.getByRole('button', {name: /Render and log/}).click();
    await page.getByText('Rendered.').waitFor(); // that, read may
    for (const [hash, words] of [['executions', 'may write'], ['guardrails', 'may admin'], ['dashboard', 'may write'], ['experiments', 'may write']]) {
      await rita.go(`#/${hash}`);
      await page.getByText(words).first().waitFor();
    }
    await page.getByRole('banner').getByRole('button', {name: 'rita'}).click();
    await page.getByLabel('API key').fill('sgk_not-a-key');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The key is not known').waitFor();
    await page.keyboard.press('Escape');
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), sessionStorage.length, document.cookie]), [['theme'], 0, '']);
    await rita.leave();
  });

  test('a script in every field that a person can fill stays a text', async () => {
    const evil = '<img src=x onerror="alert(1)">{{ "</pre><script>alert(2)</script>" }}';
    const text = `${evil} {{ who }}\n`;
    await use.service.must('POST', '/v1/prompts', {name: 'evil', template: text, category: evil.slice(0, 99), description: evil, commit_message: evil, config: {evil}});
    await use.service.must('POST', '/v1/prompts/evil/versions', {messages: [{role: evil.slice(0, 30), content: text}], commit_message: evil});
    await use.service.must('PUT', '/v1/prompts/evil/labels/production', {version: 1, reason: evil});
    await use.service.must('POST', '/v1/guardrails', {name: evil, description: evil, type: 'content_policy', severity: 'low', action: 'warn', config: {patterns: [{name: 'x', regex: 'onerror'}]}, applies_to_templates: ['evil'], applies_to_categories: [evil.slice(0, 99)]});
    const {execution_id: id} = await use.service.must('POST', '/v1/prompts/evil/render?durable=true', {variables: {who: evil}, user_id: evil, session_id: evil});
    await use.service.must('PATCH', `/v1/executions/${id}`, {status: 'failure', response: evil, model: evil, error_type: evil, error_message: evil});
    await use.service.must('POST', '/v1/keys', {name: evil, scope: 'read'});
    const ada = await Person.visit(use.service.at, {key: use.keys.admin});
    const {page} = ada;
    for (const hash of ['#/', '#/?q=onerror', '#/prompts/evil', '#/prompts/evil?version=2', '#/prompts/evil?from=1&to=2', '#/edit/evil', '#/edit/evil?version=1', '#/guardrails', `#/guardrails/${e(evil)}`, '#/executions', `#/executions?user_id=${e(evil)}`,
      `#/executions/${id}`, '#/service', `#/prompts?folder=${e(evil)}`, `#/${e(evil)}`, `#/prompts/${e(evil)}`, `#/new?folder=${e(evil)}`]) {
      await ada.go(hash);
      await page.waitForTimeout(250);
      await page.waitForLoadState('networkidle');
      assert.equal(await page.locator('main img, main script, dialog img').count(), 0, hash);
    }
    await ada.go('#/prompts/evil');
    await page.getByLabel('Value of who').fill(evil);
    await page.locator('[data-variable=who] .hit').first().waitFor();
    await page.getByRole('row', {name: /Version 2/}).getByRole('button', {name: 'Release'}).click();
    await page.getByRole('dialog').getByText('onerror').first().waitFor();
    assert.equal(await page.locator('dialog img').count(), 0);
    await page.keyboard.press('Escape');
    await ada.leave();
    for (const name of [evil]) await use.service.must('DELETE', `/v1/guardrails/${e(name)}`);
    await use.service.must('DELETE', '/v1/prompts/evil/labels/production');
    await use.service.must('DELETE', '/v1/prompts/evil');
  });

  test('the database is lost in the middle of an edit: nothing typed is lost, and it is saved afterwards', async () => {
    const ada = await Person.visit(use.service.at, {hash: '#/edit/greeting', key: use.keys.write});
    const {page} = ada;
    await page.getByLabel('Text of the prompt').fill('Good day, {{ name }}.\n');
    await use.postgres.stop();
    await page.keyboard.press('Control+s');
    await page.getByLabel('Why, in one line').fill('more polite');
    const save = page.getByRole('dialog').getByRole('button', {name: 'Save', exact: true});
    await save.click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.waitFor({timeout: 25000});
    assert.match(await alert.innerText(), /Request/);
    await use.shoot(ada, 'database-lost', true);
    await page.keyboard.press('Escape');
    await page.getByText('The database cannot be reached. Prompts are served from memory').waitFor({timeout: 15000});
    await ada.go('#/prompts/greeting');
    await page.getByText('unsaved changes').waitFor(); // and reading goes on
    await use.postgres.start();
    await ada.go('#/edit/greeting');
    assert.equal(await page.getByLabel('Text of the prompt').inputValue(), 'Good day, {{ name }}.\n');
    await until('the service has its database back', async () => !(await (await fetch(`${use.service.at}/readyz`)).json()).degraded, 30000);
    await page.keyboard.press('Control+s');
    assert.equal(await page.getByLabel('Why, in one line').inputValue(), 'more polite');
    await save.click();
    await page.getByText('Saved as version 2.').waitFor({timeout: 25000});
    await ada.leave();
  });

  test('while a migration waits, the same address says which, and turns into the list by itself', async () => {
    use.postgres.sql('create database late');
    const other = use.postgres.session('begin; create table prompt_templates (id int); select 1', 'late');
    await until('the other session holds its table', () => use.postgres.sql("select 1 from pg_locks join pg_class c on relation = c.oid where relname = 'pg_class' limit 1; select count(*) from pg_stat_activity where datname = 'late' and query like '%pg_sleep%'").trim().endsWith('1'));
    const late = new Service(use.postgres, 'late');
    await late.start();
    const someone = await Person.visit(late.at, {hash: '#/prompts?q=nlu'});
    const {page} = someone;
    await page.getByRole('heading', {level: 1}).waitFor();
    await page.getByText(/Migration \d+ of \d+ runs|connects to its database/).waitFor();
    await pause(1500);
    await use.shoot(someone, 'boot');
    await someone.audit('boot');
    await someone.isNarrow('boot');
    use.postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'late' and query like '%pg_sleep%'"); // it would not notice that its client has left
    await other.ended;
    await page.getByRole('link', {name: 'nlu_topic_extraction'}).waitFor({timeout: 60000});
    await someone.leave();
    await late.stop();
  });
}
