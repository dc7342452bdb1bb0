// What the service holds when a person comes.
const e = encodeURIComponent;
const first = 'You are a patient teacher. Explain {{ topic }} to a learner of grade {{ grade }}.\n\n{% if interests %}\nUse examples from: {{ interests | join(", ") }}.\n{% endif %}\nUse short sentences. End with one question.\n';

export async function fill(service) {
  const post = (target, body) => service.must('POST', target, body);
  await post('/v1/prompts', {name: 'lessons/explain', template: first, category: 'education', description: 'Explains a topic to a learner, at the level of the grade.', commit_message: 'First version', config: {temperature: 0.4}});
  await post(`/v1/prompts/${e('lessons/explain')}/versions`, {template: first.replace('short sentences', 'short sentences and one picture in words'), commit_message: 'A picture in words helps younger learners', config: {temperature: 0.4}});
  for (const [version, reason] of [[1, 'First release'], [2, 'Learners of grade 4 answer better']]) {
    await service.must('PUT', `/v1/prompts/${e('lessons/explain')}/labels/production`, {version, reason});
  }
  await post('/v1/prompts', {name: 'lessons/quiz', type: 'chat', messages: [{role: 'system', content: 'You write quizzes for grade {{ grade }}.'}, {role: 'user', content: 'Write {{ count | default(5) }} questions about {{ topic }}.'}],
    category: 'education', description: 'A short quiz, as a chat.', labels: ['production']});
  for (const [name, category, description] of [['support/reply', 'support', 'Answers a customer, in the tone of the house.'], ['support/triage', 'support', 'Finds the team that a ticket belongs to.'],
    ['support/refunds/decide', 'support', 'Whether a refund may be given.'], ['search/rewrite', 'search', 'Makes a search of a question.'], ['greeting', 'demo', 'Says hello.']]) {
    await post('/v1/prompts', {name, template: `Hello {{ name }}. This is ${name}.`, category, description, labels: ['production']});
  }
  for (let i = 0; i < 26; ++i) {
    const personal = i % 13 === 6;
    const {content} = await service.ask('POST', `/v1/prompts/${e('lessons/explain')}/render?durable=true`, {user_id: `user-${i % 5}`,
      variables: {topic: personal ? 'my number is 078-05-1120' : ['photosynthesis', 'volcanoes', 'fractions'][i % 3], grade: String(3 + i % 5), interests: ['football', 'music']}});
    if (personal) continue;
    await service.must('PATCH', `/v1/executions/${content.execution_id}`, i % 7 === 3
      ? {status: 'failure', error_type: 'timeout', error_message: 'The model did not answer in 30 s', latency_ms: 30000, model: 'small-model'}
      : {status: 'success', response: 'Plants make sugar from light.', input_tokens: 210 + i, output_tokens: 300 + i * 3, latency_ms: 700 + i * 17, cost_usd: 0.002 + i * 0.00003, model: 'small-model', score: 0.8});
  }
}
