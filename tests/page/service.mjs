// A private PostgreSQL and the real program on it. What is started is ended by its own id.
import {spawn, spawnSync} from 'node:child_process';
import {chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const program = process.env.PROMPT_SERVICE;
const started = new Set();

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, holds, limit = 15000) {
  for (const end = Date.now() + limit; Date.now() < end; await pause(50)) {
    const found = await Promise.resolve().then(holds).catch(() => false);
    if (found) return found;
  }
  throw new Error(`waited ${limit} ms in vain: ${what}`);
}

function start(command, args, options) {
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
  child.said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { child.said = (child.said + text).slice(-20000); });
  child.ended = new Promise((done) => child.on('exit', done));
  started.add(child);
  child.ended.then(() => started.delete(child));
  return child;
}

// PostgreSQL refuses to run as root.
function owner() {
  if (process.getuid() !== 0) return {};
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8').split('\n').map((l) => l.split(':')).find(([name]) => name === 'postgres') ?? [];
  if (!uid) throw new Error('as root, the tests need a user postgres');
  return {uid: Number(uid), gid: Number(gid)};
}

function binaries() {
  if (process.env.PG_BINDIR) return process.env.PG_BINDIR;
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${versions[0]}/bin`;
}

export class Postgres {
  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'page-test-'));
    this.data = path.join(this.folder, 'data');
    this.as = owner();
    mkdirSync(this.data);
    if (this.as.uid) for (const f of [this.folder, this.data]) chownSync(f, this.as.uid, this.as.gid);
    this.run('initdb', ['-D', this.data, '-U', 'postgres', '--auth-local=trust', '--auth-host=reject', '--encoding=UTF8', '--locale=C.UTF-8']);
  }
  run(tool, args) {
    const done = spawnSync(path.join(binaries(), tool), args, {...this.as, cwd: '/', encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`${tool} failed: ${done.stderr}`);
    return done.stdout;
  }
  async start() {
    this.server = start(path.join(binaries(), 'postgres'), ['-D', this.data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${this.folder}`, '-c', 'fsync=off'], {...this.as, cwd: '/'});
    await until('PostgreSQL starts', () => this.sql('select 1'), 30000);
  }
  async stop() {
    this.server.kill('SIGINT'); // PostgreSQL: a fast shutdown
    await this.server.ended;
  }
  sql(text, database = 'postgres') {
    return this.run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', this.folder, '-U', 'postgres', '-d', database, '-c', text]);
  }
  // A session that goes on until it is ended.
  session(text, database) {
    return start(path.join(binaries(), 'psql'), ['-XqAt', '-h', this.folder, '-U', 'postgres', '-d', database, '-c', text, '-c', 'select pg_sleep(600)'], {...this.as, cwd: '/'});
  }
  url(database) { return `postgresql:///${database}?host=${this.folder}&user=postgres`; }
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  const {port} = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Service {
  constructor(postgres, database) {
    this.postgres = postgres;
    this.database = database;
    this.environment = {PATH: process.env.PATH, DATABASE_URL: postgres.url(database), HOST: '127.0.0.1', SPDLOG_LEVEL: 'warn', PROMPT_SERVICE_ACCESS_LOG: 'off'};
  }
  async start() {
    this.port = await freePort();
    this.at = `http://127.0.0.1:${this.port}`;
    this.process = start(program, ['serve'], {env: {...this.environment, PORT: String(this.port)}});
    await until(`the service listens: ${this.process.said}`, async () => (await fetch(`${this.at}/livez`)).ok);
  }
  async ready() {
    await until('the service is ready', async () => (await fetch(`${this.at}/readyz`)).ok, 60000);
  }
  key(scope, name) {
    const done = spawnSync(program, ['keys', 'create', '--scope', scope, '--name', name], {env: this.environment, encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`keys create failed: ${done.stderr}`);
    return done.stdout.trim();
  }
  async ask(method, target, body, {key = this.admin, headers = {}} = {}) {
    const answer = await fetch(this.at + target, {method, headers: {Authorization: `Bearer ${key}`, ...(body ? {'Content-Type': 'application/json'} : {}), ...headers}, body: body ? JSON.stringify(body) : undefined});
    const text = await answer.text();
    return {status: answer.status, content: text === '' ? null : JSON.parse(text)};
  }
  async must(...request) {
    const {status, content} = await this.ask(...request);
    if (status >= 300) throw new Error(`${request[0]} ${request[1]}: ${status} ${JSON.stringify(content)}`);
    return content;
  }
  async stop() {
    this.process.kill('SIGTERM');
    await this.process.ended;
  }
}

export async function endAll(postgres) {
  const all = [...started];
  for (const child of all.filter((c) => c !== postgres.server)) child.kill('SIGTERM');
  await Promise.all(all.filter((c) => c !== postgres.server).map((c) => c.ended));
  if (started.has(postgres.server)) await postgres.stop();
  rmSync(postgres.folder, {recursive: true, force: true});
}
