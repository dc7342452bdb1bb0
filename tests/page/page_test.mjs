// The page in headless Chromium against the real program on a real PostgreSQL. With KEEP_SCREENSHOTS=FOLDER the views
// are kept there, which is how app/page/*.png are made.
import {after, before} from 'node:test';
import {endBrowser, startBrowser} from './browser.mjs';
import {faults} from './faults_test.mjs';
import {files} from './files_test.mjs';
import {jobs} from './jobs_test.mjs';
import {fill} from './library.mjs';
import {looks} from './looks_test.mjs';
import {Postgres, Service, endAll} from './service.mjs';

const use = {
  keys: {},
  async shoot(person, name, asSeen = false) {
    const folder = process.env.KEEP_SCREENSHOTS;
    if (folder) await person.page.screenshot({path: `${folder}/${name}.png`, fullPage: !asSeen && name !== 'executions', animations: 'disabled'});
  },
};

before(async () => {
  use.postgres = new Postgres();
  await use.postgres.start();
  use.postgres.sql('create database prompts');
  use.service = new Service(use.postgres, 'prompts');
  await use.service.start();
  await use.service.ready();
  for (const [scope, name] of [['admin', 'ada'], ['write', 'willy'], ['read', 'rita']]) use.keys[scope] = use.service.key(scope, name);
  use.service.admin = use.keys.admin;
  await new Promise((done) => setTimeout(done, 1500)); // the keys are served
  await fill(use.service);
  await startBrowser();
});

after(async () => {
  await endBrowser();
  await endAll(use.postgres);
});

jobs(use);
files(use);
faults(use);
looks(use);
