// Headless Chromium, as a person uses it: by roles, labels and keys.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(`${process.env.PAGE_TOOLS}/`);
const {chromium} = await import(pathToFileURL(require.resolve('playwright-core')).href).then((m) => m.chromium ? m : m.default);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let browser = null;
export async function startBrowser() {
  browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: process.getuid() === 0 ? ['--no-sandbox'] : []});
}
export const endBrowser = () => browser?.close();

// A page of its own, and what went wrong in it. `at` is the address of the service.
export class Person {
  static async visit(at, {hash = '', key, dark = false, width = 1280, height = 800} = {}) {
    const person = new Person();
    person.at = at;
    person.faults = [];
    person.context = await browser.newContext({viewport: {width, height}, colorScheme: dark ? 'dark' : 'light', bypassCSP: false, reducedMotion: 'reduce'});
    const page = person.page = await person.context.newPage();
    page.setDefaultTimeout(10000);
    page.on('pageerror', (fault) => person.faults.push(String(fault.stack ?? fault)));
    page.on('console', (line) => { if (/Content Security Policy|Refused to/.test(line.text())) person.faults.push(line.text()); });
    page.on('dialog', (dialog) => (dialog.type() === 'beforeunload' ? dialog.accept() : person.faults.push(`a script asked: ${dialog.message()}`) && dialog.dismiss()));
    page.on('request', (request) => { if (!request.url().startsWith(at)) person.faults.push(`asked elsewhere: ${request.url()}`); });
    await page.goto(`${at}/${hash}`);
    if (key) await person.useKey(key);
    return person;
  }
  async useKey(key) {
    await this.page.getByRole('banner').getByRole('button', {name: 'Enter a key'}).click();
    await this.page.getByLabel('API key').fill(key);
    await this.page.keyboard.press('Enter');
    await this.page.getByText('with the scope').waitFor();
    await this.page.getByRole('button', {name: 'Dismiss'}).click();
  }
  async go(hash) {
    await this.page.evaluate((h) => { location.hash = h; }, hash);
  }
  async settled() {
    await this.page.waitForFunction(() => document.querySelector('.view h1') && !document.querySelector('.view .waiting'));
    await this.page.waitForLoadState('networkidle');
  }
  button(name, options = {}) { return this.page.getByRole('button', {name, ...options}); }
  // Nothing serious or critical. axe is run as a script of the test's, which the content policy does not bind.
  async audit(where) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => globalThis.axe.run());
    const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    assert.deepEqual(bad.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 120)}`).join(' | ')}`), [], where);
  }
  async isNarrow(where) {
    const [needs, has] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(needs <= has, `${where} needs ${needs} px of ${has}`);
  }
  async leave() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
