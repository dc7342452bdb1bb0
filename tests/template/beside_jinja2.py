#!/usr/bin/env python3
# Templates and values at random, rendered by Jinja2 and by the service's own library: both print the same, or both fail
# at a value's type. What the generator makes is in the subset, so none of it is refused; of slips in it, what we take
# Jinja2 takes, and prints the same. No variable shows while it is absent but those that the library calls required.
#
#   beside_jinja2.py PROBE [CASES] [SEED]        77: NOT RUN, where there is no Jinja2
import json
import random
import subprocess
import sys
import unicodedata

try:
    import jinja2
except ImportError:
    print("NOT RUN: Jinja2 is not installed (python3-jinja2); ./dev test installs it")
    sys.exit(77)

sys.dont_write_bytecode = True
from jinja2_oracle import rendered  # noqa: E402
from template_generator import Generator  # noqa: E402


def encoded(value):
    if isinstance(value, float):
        return {"$real": repr(value)}
    if isinstance(value, list):
        return [encoded(each) for each in value]
    if isinstance(value, dict):
        return {key: encoded(each) for key, each in value.items()}
    return value


def unicode_cases():
    """Every character that Python knows, in each filter that looks at characters."""
    got_capitals = (0x19B, 0x264)  # in Unicode 16, which ICU has before Python does
    known = [chr(c) for c in range(1, 0x20000)
             if unicodedata.category(chr(c)) not in ("Cn", "Cs") and c not in got_capitals]
    known += [chr(c) for c in (0x323AF, 0xE0001, 0xE0100, 0xF0000, 0x10FFFD) if unicodedata.category(chr(c)) != "Cn"]
    for at in range(0, len(known), 500):
        text = "x".join(known[at:at + 500])
        yield ("{{ text|upper }}|{{ text|lower }}|{{ [text] }}|{{ text|tojson }}|{{ text|length }}|"
               "{% for c in text %}{{ c|trim|length }}{% endfor %}", {"text": text}, True)
    cased = ["Σ", "Σ", "σ", "a", "Ω", "1", ".", "\u00ad", "\u0301", "'", " ", "ʰ", "😀", "\u0345", ":", "İ", "ß"]
    chooser = random.Random(1)
    for _ in range(300):
        text = "".join(chooser.choice(cased) for _ in range(chooser.randint(1, 8)))
        yield "{{ text|lower }}|{{ text|upper }}", {"text": text}, True


def random_cases(count, seed):
    for number in range(count):
        make = Generator(random.Random(f"{seed}/{number}"))
        template, values = make.body(), make.values()
        yield template, values, True
        yield make.mutated(template), values, False


def complaint(case, answer):
    """What is wrong with the probe's answer, or None; and what became of the case."""
    template, values, in_subset = case
    if "problem" in answer:
        return (f"refused: {answer}" if in_subset else None), "refused"
    (kind, wanted), shown = rendered(template, values)
    if kind == "refused":
        return f"Jinja2 refuses it: {wanted}", kind
    if kind == "error" and "requires string as left operand, not Absent" in wanted:
        return None, "absent in text"  # false to us
    if "error" in answer:
        ok = kind == "error" and answer["error"] == "variable-type"
        return (None if ok else f"wanted {kind} {wanted!r}, got {answer}"), "error"
    if kind == "error":
        return f"wanted an error, {wanted}, got {answer}", kind
    if answer["text"] != wanted:
        return f"wanted {wanted!r}\n     got {answer['text']!r}", kind
    unexpected = shown - set(answer["required"])
    return (f"not required, and shown while absent: {unexpected}" if unexpected else None), kind


def main():
    probe = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    cases = list(unicode_cases()) + list(random_cases(count, seed))
    questions = "".join(json.dumps({"template": t, "values": encoded(v)}) + "\n" for t, v, _ in cases)
    ran = subprocess.run([probe], input=questions.encode(), stdout=subprocess.PIPE, check=False)
    answers = ran.stdout.decode().split("\n")[:-1]
    if ran.returncode != 0 or len(answers) != len(cases):
        print(f"the probe ended with {ran.returncode} after {len(answers)} of {len(cases)} cases:", cases[len(answers)][:2])
        return 1
    tally, failures = {}, 0
    for case, line in zip(cases, answers):
        wrong, became = complaint(case, json.loads(line))
        tally[became] = tally.get(became, 0) + 1
        if wrong:
            failures += 1
            if failures <= 20:
                print(f"--- template {case[0]!r}\n    values {case[1]!r}\n    {wrong}")
    print(f"Jinja2 {jinja2.__version__}, seed {seed}, {len(cases)} cases: {tally}, {failures} failures")
    return 1 if failures else 0


sys.exit(main())
