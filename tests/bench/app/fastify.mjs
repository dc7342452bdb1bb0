// The peer of ./dev bench app in Node: the same prompts, key, guardrails and log as the service, written as a careful
// author would: the fetched body made once, an answer's schema compiled, rows in batches of 500 or 50 ms by one insert.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const { DATABASE_URL, BENCH_KEY, BENCH_BODY, BENCH_TAG } = process.env;
const socket = new URL(DATABASE_URL.replace('///', '//local/'));
const database = new pg.Pool({
    host: socket.searchParams.get('host'), port: 5432, user: 'prompt_service', database: 'prompt_service', max: 5,
});

const body = readFileSync(BENCH_BODY, 'utf8');
const keys = new Map([[createHash('sha256').update(BENCH_KEY).digest('hex'), { scope: 'admin' }]]);

const prompts = new Map();
const text = 'select id, name, version, template_text from prompt_templates where is_active';
for (const p of (await database.query(text)).rows) {
    const pieces = p.template_text.split(/\{\{ (\w+) \}\}/); // text, name, text, name, ..., text
    const required = [...new Set(pieces.filter((_, i) => i % 2))];
    const render = (values) => pieces.map((piece, i) => (i % 2 ? values[piece] : piece)).join('');
    prompts.set(p.name, { ...p, required, render });
}

const guardrails = [];
const rules = 'select name, guardrail_type, severity, action, config from prompt_guardrails where is_active';
for (const g of (await database.query(rules)).rows) {
    const patterns = (g.config.patterns ?? []).map((p) => new RegExp(p.regex.replace('(?i)', ''), 'i'));
    guardrails.push({ ...g, patterns });
}

const violations = (values) => guardrails
    .filter((g) => g.patterns.some((p) => values.some((v) => typeof v === 'string' && p.test(v))))
    .map(({ name, guardrail_type, severity, action }) => ({ guardrail: name, type: guardrail_type, severity, action }));

let queue = [];
const columns = ['id', 'executed_at', 'template_id', 'template_name', 'template_version', 'label', 'user_id',
    'http_request_id', 'input_variables', 'rendered_prompt', 'status', 'guardrail_violations', 'guardrail_action'];
const types = ['uuid', 'timestamptz', 'uuid', 'text', 'int', 'text', 'text', 'text', 'jsonb', 'text', 'text', 'jsonb',
    'text'];
const insert = {
    name: 'log',
    text: `insert into prompt_executions (${columns}) select * from unnest(${types.map((t, i) => `$${i + 1}::${t}[]`)})`,
};
const write = () => {
    if (queue.length === 0) return;
    const rows = queue;
    queue = [];
    database.query({ ...insert, values: columns.map((_, c) => rows.map((row) => row[c])) })
        .catch((error) => { console.error(error.message); process.exit(1); });
};
setInterval(write, 50);
const log = (row) => { if (queue.push(row) >= 500) write(); };

// Of version 7, as the service's: the time goes first.
const new_id = (now) => {
    const time = now.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};

const server = Fastify({ genReqId: randomUUID });
server.addHook('onRequest', async (request, reply) => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!keys.has(createHash('sha256').update(token).digest('hex'))) return reply.code(401).send({ code: 'key-invalid' });
    reply.header('X-Request-Id', request.id);
});

server.get('/v1/prompts/:name', (request, reply) => {
    reply.header('ETag', BENCH_TAG).header('Cache-Control', 'private, max-age=10, stale-while-revalidate=60');
    if (request.headers['if-none-match'] === BENCH_TAG) return reply.code(304).send();
    if (!prompts.has(request.params.name)) return reply.code(404).send({ code: 'prompt-not-found' });
    return reply.type('application/json').send(body);
});

const string = { type: 'string' };
const violation = { type: 'object', properties: { guardrail: string, type: string, severity: string, action: string } };
const answer = {
    type: 'object',
    properties: {
        rendered: string, name: string, version: { type: 'integer' }, label: string, source: string,
        guardrails: {
            type: 'object', properties: { action: string, violations: { type: 'array', items: violation } },
        },
        execution_id: string,
    },
};
const asked = { type: 'object', required: ['variables'], properties: { variables: { type: 'object' }, user_id: string } };
server.post('/v1/prompts/:name/render', { schema: { body: asked, response: { 200: answer } } }, (request, reply) => {
    const p = prompts.get(request.params.name);
    const { variables, user_id } = request.body;
    if (!p) return reply.code(404).send({ code: 'prompt-not-found' });
    if (p.required.some((name) => !(name in variables))) return reply.code(422).send({ code: 'variables-missing' });
    const found = violations(Object.values(variables));
    if (found.some((v) => v.action === 'block')) return reply.code(422).send({ code: 'guardrail-blocked' });
    const now = Date.now();
    const execution_id = new_id(now);
    const rendered = p.render(variables);
    const action = found.length ? 'warn' : 'allow';
    log([execution_id, new Date(now), p.id, p.name, p.version, 'production', user_id, request.id,
        JSON.stringify(variables), rendered, 'rendered', JSON.stringify(found), action]);
    return reply.send({
        rendered, name: p.name, version: p.version, label: 'production', source: 'database',
        guardrails: { action, violations: found }, execution_id,
    });
});

await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
