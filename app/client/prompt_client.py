"""A client of the prompt service, in Python's standard library. Copy it. As prompt_client.hpp: a prompt is kept for as
long as the service says, then handed out while it is asked for anew, and while the service is away; where nothing is
kept, the caller's fallback is. What the service refuses is always an Error. Any number of threads may use a Client."""
import http.client, json, re, threading, time, urllib.error, urllib.parse, urllib.request

class Error(Exception):
    def __init__(self, status, code, detail, problem=None):  # status 0: no answer came
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.problem = status, code, problem or {}
        self.is_final = 400 <= status < 500 and status not in (408, 429)

class Client:
    def __init__(self, url="http://127.0.0.1:8080", key="", timeout=2.0, retry_after=1.0):  # seconds, of each wait
        self.url, self.key, self.timeout, self.retry_after = url, key, timeout, retry_after
        self.lock, self.kept = threading.Lock(), {}  # path: content, tag, fresh until, stale until, ask at

    def fetch(self, name, label="production", fallback=None):  # the service's object with "is_stale", or fallback
        path = "/v1/prompts/%s?label=%s" % (urllib.parse.quote(name, ""), urllib.parse.quote(label, ""))
        with self.lock:
            now, (content, tag, fresh, stale, ask_at) = time.monotonic(), self.kept.get(path, (None, "", 0, 0, 0))
            instead = {**content, "is_stale": now >= fresh} if content else fallback
            if instead is not None and now < max(fresh, ask_at): return instead
            if content:
                self.kept[path] = content, tag, fresh, stale, now + self.timeout + self.retry_after
        if now >= stale: return self._refresh(path, content, tag, instead, False)
        threading.Thread(target=self._refresh, args=(path, content, tag, instead, True), daemon=True).start()
        return instead

    def render(self, name, variables, **more):  # more: label, version, user_id, session_id, environment
        body = json.dumps({"variables": variables, **more}).encode()
        return json.loads(self._ask("/v1/prompts/%s/render" % urllib.parse.quote(name, ""), {}, body)[0])

    def _refresh(self, path, content, tag, instead, is_aside):
        try:
            body, headers = self._ask(path, {"If-None-Match": tag} if tag else {})
        except Error as e:
            with self.lock:
                *kept, _ = self.kept.pop(path, (None, "", 0, 0, 0))
                if not e.is_final: self.kept[path] = *kept, time.monotonic() + self.retry_after
            if not is_aside and (e.is_final or instead is None): raise
            return instead
        rule = dict(re.findall(r"([a-z-]+)=(\d+)", headers.get("Cache-Control", "")))
        fresh, later = time.monotonic() + int(rule.get("max-age", 0)), int(rule.get("stale-while-revalidate", 0))
        content, tag = (json.loads(body), headers.get("ETag")) if body else (content, tag)
        with self.lock:
            if "no-store" not in headers.get("Cache-Control", ""): self.kept[path] = content, tag, fresh, fresh + later, 0
        return {**content, "is_stale": False}

    def _ask(self, path, headers, body=None):
        headers.update({"Authorization": "Bearer " + self.key} if self.key else {})
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return answer.read(), answer.headers
        except urllib.error.HTTPError as e:
            if e.code == 304: return b"", e.headers
            problem = json.loads(e.read()) if "json" in e.headers.get("Content-Type", "") else {}
            raise Error(e.code, problem.get("code", "unexpected-answer"), problem.get("detail", ""), problem) from None
        except (OSError, http.client.HTTPException) as e:
            raise Error(0, "timeout" if "timed out" in str(e) else "unreachable", f"{self.url}: {e}") from None
