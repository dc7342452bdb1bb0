"""The peer of ./dev bench app in the earlier system's shape: FastAPI and SQLAlchemy, a session for each request, the
guardrails read and counted in the database, the counters and the log row each with a commit. A fetch is from memory."""
import hashlib
import os
import re

import sqlalchemy as sql
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Session, declarative_base, sessionmaker

# As many connections as may be: one that is closed after each use would be what is measured.
engine = sql.create_engine(
    "postgresql+psycopg2" + os.environ["DATABASE_URL"].removeprefix("postgresql"), pool_size=10, max_overflow=0)
new_session = sessionmaker(engine)
Table = declarative_base()


class Prompt(Table):
    __tablename__ = "prompt_templates"
    id = sql.Column(UUID(as_uuid=True), primary_key=True)
    name = sql.Column(sql.String)
    version = sql.Column(sql.Integer)
    template_text = sql.Column(sql.Text)
    is_active = sql.Column(sql.Boolean)


class Guardrail(Table):
    __tablename__ = "prompt_guardrails"
    id = sql.Column(UUID(as_uuid=True), primary_key=True)
    name = sql.Column(sql.String)
    action = sql.Column(sql.String)
    config = sql.Column(JSONB)
    is_active = sql.Column(sql.Boolean)
    total_checks = sql.Column(sql.Integer)


class Execution(Table):
    __tablename__ = "prompt_executions"
    id = sql.Column(UUID(as_uuid=True), primary_key=True, server_default=sql.func.gen_random_uuid())
    template_id = sql.Column(UUID(as_uuid=True))
    template_name = sql.Column(sql.String)
    template_version = sql.Column(sql.Integer)
    user_id = sql.Column(sql.String)
    input_variables = sql.Column(JSONB)
    rendered_prompt = sql.Column(sql.Text)
    status = sql.Column(sql.String)
    guardrail_violations = sql.Column(JSONB)
    guardrail_action = sql.Column(sql.String)


class Render(BaseModel):
    variables: dict
    user_id: str | None = None


keys = {hashlib.sha256(os.environ["BENCH_KEY"].encode()).hexdigest(): "admin"}
with open(os.environ["BENCH_BODY"], encoding="utf-8") as file:
    body = file.read()
tag = os.environ["BENCH_TAG"]
app = FastAPI()


def known_key(authorization: str = Header("")):
    if hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest() not in keys:
        raise HTTPException(401)


def session():
    with new_session() as one:
        yield one


@app.get("/v1/prompts/{name}", dependencies=[Depends(known_key)])
async def fetch(name: str, request: Request):
    headers = {"ETag": tag, "Cache-Control": "private, max-age=10, stale-while-revalidate=60"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@app.post("/v1/prompts/{name}/render", dependencies=[Depends(known_key)])
def render(name: str, asked: Render, db: Session = Depends(session)):
    prompt = db.query(Prompt).filter_by(name=name, is_active=True).first()
    if prompt is None:
        raise HTTPException(404)
    values = [v for v in asked.variables.values() if isinstance(v, str)]
    found = []
    for rule in db.query(Guardrail).filter_by(is_active=True).order_by(Guardrail.name):
        rule.total_checks += 1
        patterns = [p["regex"].replace("(?i)", "") for p in rule.config.get("patterns", [])]
        if any(re.search(p, v, re.IGNORECASE) for p in patterns for v in values):
            found.append({"guardrail_name": rule.name, "action": rule.action})
    db.commit()
    if any(v["action"] == "block" for v in found):
        raise HTTPException(422)
    rendered = re.sub(r"\{\{ (\w+) \}\}", lambda m: str(asked.variables[m[1]]), prompt.template_text)
    row = Execution(
        template_id=prompt.id, template_name=prompt.name, template_version=prompt.version, user_id=asked.user_id,
        input_variables=asked.variables, rendered_prompt=rendered, status="rendered", guardrail_violations=found,
        guardrail_action="warn" if found else "allow")
    db.add(row)
    db.commit()
    return {
        "rendered": rendered, "name": prompt.name, "version": prompt.version, "label": "production",
        "source": "database", "execution_id": str(row.id),
        "guardrails": {"action": row.guardrail_action, "violations": found}}
