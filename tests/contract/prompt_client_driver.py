# Asks for what the test writes, with app/client/prompt_client.py: a JSON object a line in, one out.
#   prompt_client_driver.py FOLDER FIFO URL KEY
import json
import sys

sys.path.insert(0, sys.argv[1])
import prompt_client

client = prompt_client.Client(sys.argv[3], sys.argv[4], timeout=1.0, retry_after=0.2)
for number, line in enumerate(open(sys.argv[2])):
    asked = json.loads(line)
    try:
        if "variables" in asked:
            out = client.render(asked["name"], asked["variables"], user_id="u")
        else:
            out = client.fetch(asked["name"], asked["label"], asked.get("fallback"))
    except prompt_client.Error as e:
        out = {"status": e.status, "code": e.code, "problem": e.problem}
    print(f"<{number}>{json.dumps(out)}</{number}>", flush=True)
